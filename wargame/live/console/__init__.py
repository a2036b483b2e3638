"""The console of a facilitator, a seat, a scribe or a screen: lines in, text out, without terminals or files.

Modules, from the bottom up: `roles`, `command_line`, `participants` and `times`; `console`, the state of one console;
`waiting`, `news`, `msel_view` and `status_bar`, what it shows; `names`, which corrects what is typed; `registry`, how a
command is declared; the command modules; `dispatch`, which lists these modules and runs a line; `completion`.
"""

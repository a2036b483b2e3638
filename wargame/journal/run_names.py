"""Names for runs that people can remember and pronounce."""

from __future__ import annotations

import hashlib

ADJECTIVES = """
amber ashen azure bare bold brass brave brief bright brisk broad bronze calm candid clear cobalt cool copper
coral crimson crisp dapper deep dusky early eager even fair fleet frank fresh frosty gentle gilded glad golden
grand green hardy hazel heavy high humble hushed indigo ivory jade jolly keen kind late lean level light limber
lively lofty lone loud low loyal lucid lunar mellow merry mild misty modest narrow neat noble olive opal open
orange pale pearl placid plain plum polar proud quick quiet ready red rosy ruby rugged rustic salty sandy
scarlet serene sharp silent silver sleek slow smooth snowy sober solar solid spare stable steady stern still
stout sturdy subtle sunny sure swift tawny teal tidal tidy timber topaz true umber upland urban vast velvet
violet vivid warm wary western white wide windy winter wise woven young
""".split()  # noqa: SIM905 - a list of words reads best as words
NOUNS = """
anchor anvil apple arch arrow aspen badger barley basin bay beacon bear beaver bell birch bison bridge brook
canyon cape cedar cherry cliff cloud clover comet condor cove crane creek crow curlew cypress dale dawn deer
delta dove drum dune eagle elm ember falcon fern ferry field finch fir fjord flax forest fox garden gate glade
glen goose grove gull harbor hare harvest hawk hazel heath heron hill horse inlet iris island ivy jay juniper
kestrel kite lagoon lake lantern larch lark laurel leaf ledge lily linden lion lotus lynx magpie maple marsh
meadow mesa mill mint moon moor moth oak oasis orchard osprey otter owl palm path peak pebble pelican petrel
pier pine plain plover pond poplar prairie quail quarry rain raven reed reef ridge river robin rook sail salmon
seal shore sky sparrow spring spruce star stone stork storm stream summit swallow swan teal temple tern thicket
thistle thrush tide tiger tower trail valley vine violet wagon walnut water wave willow wolf wren yarrow
""".split()  # noqa: SIM905 - a list of words reads best as words


def run_name(scenario: str, seed: int, *ingredients: str) -> str:
    """Return a name such as `korea-2017-s7-amber-crane`; equal inputs, seed and settings give the same one."""
    digest = hashlib.blake2b("\x00".join((scenario, str(seed), *ingredients)).encode(), digest_size=8).digest()
    adjective = ADJECTIVES[int.from_bytes(digest[:4], "big") % len(ADJECTIVES)]
    noun = NOUNS[int.from_bytes(digest[4:], "big") % len(NOUNS)]
    return f"{scenario}-s{seed}-{adjective}-{noun}"

"""A format of tables: a JSON object a line."""


def json_lines(table):
    """The bytes of a file from a data frame."""
    return table.to_json(orient="records", lines=True).encode()

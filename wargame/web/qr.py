"""QR codes of addresses as pictures."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_svg(address: str) -> str:
    """The address as an SVG picture, without a style of its own, so that it is dark on light in both colour schemes."""
    out = BytesIO()
    picture = segno.make(address, error="m")
    picture.save(out, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=3, light="#fff")
    return out.getvalue().decode()

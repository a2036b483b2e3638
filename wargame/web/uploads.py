"""Files that the facilitator sends for injects: checked by content, size and name, and pictures encoded again.

What is kept is an input of the run, so that a re-simulation has it: `inputs/uploads/NAME-HASH.png`. A picture that is
encoded again has no metadata, and nothing behind it that a viewer could take for a program.
"""

import re
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath

from wargame.errors import UsageFault, install_command
from wargame.language.plain_text import clean
from wargame.live.session.session import Session
from wargame.scenario.building.attachments import NotAttachable, content_of

FOLDER = "uploads"


def keep_upload(session: Session, name: str, data: bytes) -> str:
    """Check a file, keep it among the inputs, and return the name by which an inject attaches it; UsageFault if not."""
    plain = PurePosixPath(clean(name.replace("\\", "/"))).name
    try:
        content = content_of(plain, data)
        if content.kind == "picture":
            data, plain = _encoded_again(data, plain)
            content = content_of(plain, data)
    except NotAttachable as error:
        raise UsageFault(f"{error}{f' ({error.remedy})' if error.remedy else ''}") from None
    stem = re.sub(r"[^\w-]+", "-", PurePosixPath(plain).stem, flags=re.ASCII).strip("-")[:40] or "file"
    kept = f"{FOLDER}/{stem}-{sha256(data).hexdigest()[:8]}{PurePosixPath(plain).suffix.lower()}"
    session.attach(kept, data)
    return kept


def _encoded_again(data: bytes, name: str) -> tuple[bytes, str]:
    """Return a picture as a new JPEG or PNG with its name, upright and without metadata; of an animation the first."""
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise UsageFault(f"pictures need an extra ({install_command('pictures')}); other files can be sent") from None
    out = BytesIO()
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            kind = "JPEG" if opened.format == "JPEG" else "PNG"
            upright = ImageOps.exif_transpose(opened)
            upright.convert("RGB" if kind == "JPEG" else "RGBA").save(out, kind, quality=90)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UsageFault(f"the picture is damaged: {clean(str(error))[:120]}") from None
    return out.getvalue(), f"{PurePosixPath(name).stem}.{'jpg' if kind == 'JPEG' else 'png'}"

"""What the page says about a visitor's photos. Plain English: most readers learned it at school."""

from html import escape

from webapp.photos.choice import MOST_MEGABYTES, MOST_MEGAPIXELS, MOST_PHOTOS, SIDE, LeftOut
from webapp.photos.galleries import LIFE, Indexed

_NAMED = 10  # photos left out that are named; of the others, how many

RULES = f"""<p>Search in photos of your own, with the same drawing and words. \
<strong>Up to {MOST_PHOTOS} photos</strong>, \
each at most {MOST_MEGABYTES} MB and {MOST_MEGAPIXELS} million pixels: JPEG, PNG, WebP, or what else your \
browser can show.</p>
<p>Your browser makes copies of at most {SIDE} pixels, without place, date or camera, and sends only these. \
Only this open page can search them: no other visitor, no share link. They are deleted when you press \
Remove, when you close or reload the page, and in any case after {LIFE // 60} minutes.</p>"""


def ready(indexed: Indexed) -> str:
    """The line after photos were indexed, as HTML."""
    photos = "1 photo is" if indexed.photos == 1 else f"{indexed.photos} photos are"
    return _line(
        f"{photos} ready after {indexed.seconds:.1f} s: draw or type, then press Search.", indexed.left_out
    )


def refused(reason: str, left_out: tuple[LeftOut, ...]) -> str:
    """The line after photos could not be indexed, as HTML."""
    return _line(reason, left_out)


def removed() -> str:
    """The line after photos were removed, as HTML."""
    return _line("Your photos have been deleted from the server.", ())


def _line(text: str, left_out: tuple[LeftOut, ...]) -> str:
    """A text of ours, and file names of anybody's: none of it is read as HTML."""
    line = f"<p>{escape(text)}</p>"
    if not left_out:
        return line
    items = [f"<li>{escape(item.name)}: {escape(item.reason)}</li>" for item in left_out[:_NAMED]]
    if len(left_out) > _NAMED:
        items.append(f"<li>and {len(left_out) - _NAMED} more</li>")
    return f"{line}<p>{len(left_out)} left out:</p><ul>{''.join(items)}</ul>"

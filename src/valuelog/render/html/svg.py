"""SVG elements. They have classes only; the style sheet colors them."""

from collections.abc import Iterable

from markupsafe import Markup, escape


def element(tag: str, *children: str, **attributes: float | str) -> Markup:
    """Return an element: text is escaped, and numbers are rounded to a tenth.

    Attributes are spelled in Python's way: `class_` becomes `class`, and `aria_label` becomes `aria-label`.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_format_attribute(value)}"' for name, value in attributes.items()
    )
    content = "".join(map(escape, children))
    return Markup(f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>")  # noqa: S704  escaped above


def draw_image(width: float, height: float, label: str, *children: Markup, **attributes: str) -> Markup:
    """Return an image. Screen readers read its label instead of its elements."""
    size = f"0 0 {width:g} {height:g}"
    return element("svg", *children, viewBox=size, role="img", aria_label=label, **attributes)


def draw_line(class_: str, points: Iterable[tuple[float, float]], end: str = "") -> Markup:
    """Return a line through some points. With the end `z` it returns to the first one."""
    return element("path", d="M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points) + end, class_=class_)


def _format_attribute(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    return f"{round(value, 1):g}"

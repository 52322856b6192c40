"""Sphinx configuration: the furo theme, Markdown through MyST, nothing loaded from other servers."""

project = "valuelog"
author = "The valuelog authors"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]

nitpicky = True
smartquotes = False  # keep -- as typed
myst_heading_anchors = 4

html_theme = "furo"
html_title = "valuelog"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#116329", "color-brand-content": "#116329"},
    "dark_css_variables": {"color-brand-primary": "#7ee787", "color-brand-content": "#7ee787"},
}

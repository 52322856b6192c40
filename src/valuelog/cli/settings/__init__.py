"""Settings: a flag wins, then a VALUELOG_* variable, then config.toml, then the default.

Every command reads them, so nothing that writes or checks more than that is imported here.
"""

from valuelog.cli.settings.read import BadSetting, Settings, parse_named_path, read_settings
from valuelog.cli.settings.spec import Setting

__all__ = ["BadSetting", "Setting", "Settings", "parse_named_path", "read_settings"]

"""The screens: each module renders the parts of one."""

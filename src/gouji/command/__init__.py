"""The commands that write workbooks, each loaded when it is asked for (see :data:`gouji.cli.LATER`)."""

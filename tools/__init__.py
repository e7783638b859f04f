"""Programs that prepare and check a working copy. Standard library only: they run before anything is there."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts set-up with an older one deserves a sentence
    sys.exit("需要 Python 3.11 或更高版本。若已安装在别处，请用 make PYTHON=路径 … 指定。")

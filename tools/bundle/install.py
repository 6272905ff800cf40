"""Installs gouji into this folder from the wheels beside this file: no network, no admin rights, nothing elsewhere.

Runs under any Python from 3.11 on, with or without pip. Removing gouji is removing the folder.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
APP = HERE / "app"


def main() -> int:
    """Installs, or says in Chinese why not; gives the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.version_info < (3, 11):  # noqa: UP036 # run by whatever Python is there
        print(f"需要 Python 3.11 或更新的版本，这里是 {sys.version.split()[0]}。")
        return 2
    wheels = HERE / "wheels"
    pip = next(wheels.glob("pip-*.whl"), None)
    if pip is None:
        print(f"文件夹不完整：{wheels} 里缺少安装文件，请重新解压。")
        return 2
    shutil.rmtree(APP, ignore_errors=True)
    command = [
        sys.executable,
        str(pip / "pip"),
        "--isolated",
        "--disable-pip-version-check",
        "install",
        "--quiet",
    ]
    command += [
        "--no-index",
        "--find-links",
        str(wheels),
        "--target",
        str(APP),
        "--no-warn-script-location",
        "--root-user-action",
        "ignore",
        "gouji[office,batch]" if any(wheels.glob("pandas-*.whl")) else "gouji[office]",
    ]
    if subprocess.run(command, check=False).returncode:
        shutil.rmtree(APP, ignore_errors=True)
        print("安装没有成功。请把上面的文字发给提供这个文件夹的人。")
        return 1
    (APP / "python.txt").write_text(sys.executable, encoding="utf-8")
    print(f"装好了：{APP}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

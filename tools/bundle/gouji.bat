@echo off
rem Runs gouji from this folder; installs it first where that was not done yet. ASCII only: cmd reads its own code page.
setlocal
chcp 65001 >nul
set "HERE=%~dp0"
set "PYTHONUTF8=1"
if not exist "%HERE%app\python.txt" (
    call :find
    if errorlevel 1 exit /b 2
)
set /p PYTHON=<"%HERE%app\python.txt"
set "PYTHONPATH=%HERE%app"
"%PYTHON%" -P -m gouji %*
exit /b %ERRORLEVEL%

:find
where py >nul 2>nul
if not errorlevel 1 (
    py -3 "%HERE%install.py"
    exit /b
)
where python >nul 2>nul
if not errorlevel 1 (
    python "%HERE%install.py"
    exit /b
)
echo Python 3.11+ not found. See the guide.
exit /b 2

@echo off
rem Drop files on this one: they are checked, marked copies are written beside them.
setlocal
if "%~1"=="" (
    echo Drop a form on this file.
    pause
    exit /b 2
)
call "%~dp0gouji.bat" check %*
:next
if "%~1"=="" goto done
call "%~dp0gouji.bat" annotate "%~1"
shift
goto next
:done
pause

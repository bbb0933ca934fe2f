@echo off
rem Builds what an example needs, without tests and lints, and runs it:
rem   examples\run quickstart | dealer-erp | simulator | shell | benchmarks [ARGS]
setlocal enabledelayedexpansion
set "root=%~dp0.."
set "name=%~1"
set "module="
set "main="
set "tests=-Dmaven.test.skip=true"
set "rest="
if "%name%"=="quickstart" set "module=quickstart" & set "main=io.laoke.examples.quickstart.Quickstart"
if "%name%"=="dealer-erp" set "module=dealer-erp" & set "main=io.laoke.examples.erp.DealerErp"
if "%name%"=="simulator" set "module=wechat-simulator" & set "main=io.laoke.simulator.SimulatorMain"
if "%name%"=="shell" set "module=shell" & set "main=io.laoke.examples.shell.Shell"
rem The test servers of laoke-core are on its class path, so they are compiled.
if "%name%"=="benchmarks" set "module=benchmarks" & set "main=io.laoke.examples.benchmarks.Benchmarks" & set "tests=-DskipTests"
if not defined module (
  if not "%name%"=="" echo There is no example '%name%'. 1>&2
  echo usage: examples\run NAME [ARGS]   where NAME is quickstart, dealer-erp, simulator, shell or benchmarks 1>&2
  exit /b 2
)
:args
shift
if not "%~1"=="" (
  set "rest=!rest! "%~1""
  goto args
)
rem The same JDK for Maven and for the example.
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if defined JAVA_HOME if not exist "%java%" set "java="
if not defined JAVA_HOME where java >nul 2>nul || set "java="
if not defined java (
  echo java is missing: JDK 17 or later and Maven 3.8.6 or later are needed, README.md says how to install them. 1>&2
  exit /b 1
)
where mvn >nul 2>nul || (
  echo mvn is missing: JDK 17 or later and Maven 3.8.6 or later are needed, README.md says how to install them. 1>&2
  exit /b 1
)
echo Building %name% ... 1>&2
rem The libraries are copied to one folder: their names would be too long for a command line.
set "target=%root%\examples\%module%\target"
if exist "%target%\run-libraries" rmdir /s /q "%target%\run-libraries"
pushd "%root%"
call mvn -q -B -Dlaoke.lints.skip=true %tests% -pl "examples/%module%" -am package dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/run-libraries -Dmdep.overWriteSnapshots=true 1>&2
set "built=%errorlevel%"
popd
if not "%built%"=="0" exit /b %built%
rem A console that shows Chinese and blocks; afterwards it is as it was.
set "page="
for /f "tokens=2 delims=:." %%p in ('chcp') do set "page=%%p"
chcp 65001 >nul
"%java%" "-Dlaoke.shell.home=%root%\examples\shell\data" -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8 -cp "%target%\classes;%target%\run-libraries\*" %main%%rest%
set "ended=%errorlevel%"
if defined page chcp %page% >nul
exit /b %ended%

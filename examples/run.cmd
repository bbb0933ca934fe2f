@echo off
rem Builds what an example needs, without tests and lints, and runs it:
rem   examples\run quickstart | dealer-erp | simulator [ARGS]
setlocal enabledelayedexpansion
set "root=%~dp0.."
set "name=%~1"
if "%name%"=="quickstart" set "module=quickstart" & set "main=io.laoke.examples.quickstart.Quickstart"
if "%name%"=="dealer-erp" set "module=dealer-erp" & set "main=io.laoke.examples.erp.DealerErp"
if "%name%"=="simulator" set "module=wechat-simulator" & set "main=io.laoke.simulator.SimulatorMain"
if not defined module (
  echo usage: examples\run NAME [ARGS]   where NAME is quickstart, dealer-erp or simulator 1>&2
  exit /b 2
)
where java >nul 2>nul || (echo java is missing: JDK 17 or later and Maven 3.8.6 or later are needed. 1>&2 & exit /b 1)
where mvn >nul 2>nul || (echo mvn is missing: JDK 17 or later and Maven 3.8.6 or later are needed. 1>&2 & exit /b 1)
echo Building %name% ... 1>&2
pushd "%root%"
call mvn -q -B -Dlaoke.lints.skip=true -Dmaven.test.skip=true -pl "examples/%module%" -am package dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile=target/run.classpath || (popd & exit /b 1)
popd
set /p classpath=<"%root%\examples\%module%\target\run.classpath"
set "rest="
:args
shift
if not "%~1"=="" (
  set "rest=!rest! "%~1""
  goto args
)
chcp 65001 >nul
java -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8 -cp "%root%\examples\%module%\target\classes;%classpath%" %main% %rest%

set breakpoint pending on
set width 0
set debuginfod enabled off
break numbers.bl:4
run
backtrace
delete
continue

-- The calls of kernel_fib.bl: naive Fibonacci. Usage: kernel_fib.lua N
local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end
print(string.format('{"fib":%d}', fib(tonumber(arg[1]))))

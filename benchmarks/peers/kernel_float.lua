-- The loop of kernel_float.bl: the logistic map. Usage: kernel_float.lua N
local n = tonumber(arg[1])
local x, acc = 0.5, 0.0
for _ = 1, n do
  x = 3.9 * x * (1.0 - x)
  acc = acc + x
end
print(string.format('{"x":%.17g,"acc":%.17g}', x, acc))

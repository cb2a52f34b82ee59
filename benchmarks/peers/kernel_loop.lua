-- The loop of kernel_loop.bl: counted integers with a branch. Usage: kernel_loop.lua N
local n = tonumber(arg[1])
local s = 0
for i = 1, n do
  if i % 3 == 0 then s = s + i * 2 else s = s - i end
end
print(string.format('{"s":%d}', s))

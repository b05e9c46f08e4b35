# As programs.py.
for file <- System.argv() do
  File.cd!(Path.dirname(file))

  problem =
    try do
      Code.require_file(file)
      ""
    rescue
      error -> Exception.message(error)
    end

  IO.write("\f#{problem}\f")
end

# As programs.py: compiled at once, each run by a machine of its own.
classes=$(mktemp -d)
trap 'rm -r "$classes"' EXIT
javac -J-XX:TieredStopAtLevel=1 -proc:none -d "$classes" "$@" || exit
for file; do
  cd "$(dirname "$file")" || exit
  problem=$(java -XX:TieredStopAtLevel=1 -cp "$classes" "$(basename "$file" .java)" 2>&1 >printed) \
    && problem='' || problem="It failed: $problem"
  cat printed
  printf '\f%s\f' "$problem"
done

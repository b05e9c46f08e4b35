# As programs.py.
for (file in commandArgs(TRUE)) {
  problem <- tryCatch({
    source(file, chdir = TRUE, local = new.env())
    ""
  }, error = conditionMessage)
  cat("\f", problem, "\f", sep = "")
}

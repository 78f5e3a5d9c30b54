package scratch

// variables name the place for temporary files.
var variables = []string{"TMP", "TEMP"}

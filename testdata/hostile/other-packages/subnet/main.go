// Package exercises takes the place of the workbook's own.
package exercises

func main() {}

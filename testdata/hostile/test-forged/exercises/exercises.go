// Package exercises has one lesson, which is easy.
package exercises

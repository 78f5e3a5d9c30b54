module wirebook

go 1.26

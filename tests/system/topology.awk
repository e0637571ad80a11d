# SPDX-License-Identifier: Apache-2.0
#
# The lines of topology.c, of a board.yaml that `bulkhead import` wrote: it has the node's path in
# a comment above each IOMMU and device.

/^[a-z]/ { section = $1; path = "" }
/^  # \// { path = $2; next }
section == "iommus:" && /^  [A-Za-z_]/ {
	name = $1
	sub(/:$/, "", name)
	place[name] = path
}
section == "iommus:" && $1 == "type:" { type[name] = $2 }
section == "iommus:" && $1 == "reg:" {
	address = $2
	gsub(/[][,]/, "", address)
	print "iommu", place[name], type[name], address
}
section == "iommus:" && $1 == "root:" { root[name] = $2 }
section == "iommus:" && $1 == "root-bit:" { bit[name] = $2 }
section == "devices:" && /iommu: / {
	line = $0
	while (match(line, /{[^}]*}/)) {
		split(substr(line, RSTART + 1, RLENGTH - 2), field, /, */)
		line = substr(line, RSTART + RLENGTH)
		delete v
		for (i in field) {
			split(field[i], pair, /: /)
			v[pair[1]] = pair[2]
		}
		if ("rid" in v) {
			print "map", path, v["rid"], place[v["iommu"]], v["id"], ("count" in v ? v["count"] : "0x1")
			continue
		}
		for (n = 0; n < ("count" in v ? v["count"] : 1); n++) {
			print "link", path, place[v["iommu"]], v["id"] + n
		}
	}
}
END {
	for (name in root) {
		print "cache", place[name], place[root[name]], bit[name]
	}
}

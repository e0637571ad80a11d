/* SPDX-License-Identifier: Apache-2.0 */
#include "util/dirs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/arena.h"

void dirs_make(const char *path)
{
	size_t size = strlen(path) + 1;
	char *copy;

	if (size == 1) {
		return;
	}
	copy = memory_resize(NULL, size, 1);
	memcpy(copy, path, size);
	for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(copy, 0777);
		*slash = '/';
	}
	free(copy);
}

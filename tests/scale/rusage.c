// SPDX-License-Identifier: Apache-2.0
/* rusage COMMAND...: what it took, as "ms KiB": user and system time together, and the most memory. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage use;
	int status = -1;
	pid_t pid = argc > 1 ? fork() : -1;

	if (pid == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || getrusage(RUSAGE_CHILDREN, &use) != 0 || status != 0) {
		fprintf(stderr, "rusage: status %d\n", status);
		return 1;
	}
	printf("%ld %ld\n", (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
			    (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000, use.ru_maxrss);
	return 0;
}

// Loaded before libc into an agent under test. Of the files in $OMIS_SYNCED_OF it keeps a copy in $OMIS_SYNCED_TO that
// has only what was synced: what a disk would have after the power failed. At the $OMIS_SYNCED_KILL-th sync it kills
// the process: before it where the number is negative, after it otherwise.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *of, *to;
static long at;
static int syncs;

__attribute__((constructor)) static void begin(void) {
    of = getenv("OMIS_SYNCED_OF");
    to = getenv("OMIS_SYNCED_TO");
    const char *kill_at = getenv("OMIS_SYNCED_KILL");
    at = kill_at ? atol(kill_at) : 0;
}

static const char *below(const char *path) {
    size_t length = of ? strlen(of) : 0;
    return length && to && !strncmp(path, of, length) && path[length] == '/' ? path + length + 1 : NULL;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void keep(int fd, const char *name) {
    char part[PATH_MAX], whole[PATH_MAX], buffer[65536];
    snprintf(part, sizeof part, "%s/%s.part", to, name);
    snprintf(whole, sizeof whole, "%s/%s", to, name);
    int copy = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    off_t offset = 0;
    for (ssize_t n; copy >= 0 && (n = pread(fd, buffer, sizeof buffer, offset)) > 0; offset += n)
        if (write(copy, buffer, n) != n) abort();
    close(copy);
    int (*move)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    if (move(part, whole)) abort();
}

static int sync_with(const char *function, int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, function);
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    const char *name = below(path);
    if (!name) return real(fd);
    int n = __sync_add_and_fetch(&syncs, 1);
    if (at == -n) die();
    int result = real(fd);
    if (!result) keep(fd, name);
    if (at == n) die();
    return result;
}

int fsync(int fd) { return sync_with("fsync", fd); }

int fdatasync(int fd) { return sync_with("fdatasync", fd); }

int rename(const char *from, const char *onto) {
    int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    int result = real(from, onto);
    const char *one = below(from), *other = below(onto);
    if (!result && one && other) {
        char source[PATH_MAX], target[PATH_MAX];
        snprintf(source, sizeof source, "%s/%s", to, one);
        snprintf(target, sizeof target, "%s/%s", to, other);
        real(source, target);
    }
    return result;
}

int unlink(const char *path) {
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
    const char *name = below(path);
    if (name) {
        char gone[PATH_MAX];
        snprintf(gone, sizeof gone, "%s/%s", to, name);
        real(gone);
    }
    return real(path);
}

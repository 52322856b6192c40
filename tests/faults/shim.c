/* Records the disk calls that a process makes below one folder, and what it prints; can also make a call fail,
 * kill the process before a call, and stop the clock.
 *
 * Preloaded into the program (LD_PRELOAD), it replaces functions of the C library; each one makes the same system call
 * directly. It does nothing until FAULTS_LOG is set: when the program starts, or later by calling faults_start().
 * harness.py explains the variables; calls.py reads the log.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The kinds of calls, in the order of calls.Kind. */
enum kind { OPEN, WRITE, TRUNCATE, SYNC, RENAME, LINK, UNLINK, MKDIR, RMDIR, CHMOD, CLOSE, READ, PRINT, KIND_COUNT };

static const char *const KIND_NAMES[KIND_COUNT] = {
    "open", "write", "truncate", "sync", "rename", "link", "unlink", "mkdir", "rmdir", "chmod", "close", "read", "print"
};

/* What precedes each call in the log; path, other path and data follow. */
struct record {
  uint32_t kind;
  uint32_t pid;
  int32_t fd;
  uint32_t flags;
  int64_t offset;
  uint32_t path_size;
  uint32_t other_size;
  uint32_t data_size;
} __attribute__((packed));

enum { MAX_FDS = 1024, LOG_FD = 1000, SHORT_WRITE = -1 };

static char *paths[MAX_FDS];       /* of the open files below the folder */
static char root[PATH_MAX];        /* FAULTS_ROOT: the watched folder */
static size_t root_size;
static int log_fd = -1;            /* FAULTS_LOG: the log */
static uint32_t *counters;         /* FAULTS_COUNTERS: calls so far, of each kind and of all; shared by all processes */
static uint32_t kill_at;           /* FAULTS_KILL: the number of the call before which the process is killed */
static int fail_kind = -1;         /* FAULTS_FAIL: KIND:NUMBER:ERROR, the call that fails */
static uint32_t fail_at;
static int fail_error;             /* an errno, or SHORT_WRITE */
static time_t frozen_time;         /* FAULTS_CLOCK: what the clock shows, in seconds */

static void read_failure(const char *text) {
  char name[16] = "";
  if (!text || sscanf(text, "%15[a-z]:%u:%d", name, &fail_at, &fail_error) != 3) return;
  for (int kind = 0; kind < KIND_COUNT; kind++)
    if (!strcmp(name, KIND_NAMES[kind])) fail_kind = kind;
}

static void open_log(const char *path) {
  int fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  log_fd = fcntl(fd, F_DUPFD_CLOEXEC, LOG_FD);
  syscall(SYS_close, fd);
}

static void map_counters(const char *path) {
  int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  void *mapped = mmap(NULL, sizeof(uint32_t) * (KIND_COUNT + 1), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) counters = mapped;
  syscall(SYS_close, fd);
}

/* Start as the variables say. The harness calls it in a process that was forked after the program was loaded. */
void faults_start(void) {
  const char *log = getenv("FAULTS_LOG"), *watched = getenv("FAULTS_ROOT"), *file = getenv("FAULTS_COUNTERS");
  const char *kill_text = getenv("FAULTS_KILL"), *clock_text = getenv("FAULTS_CLOCK");
  if (!log || !watched || !file) return;
  snprintf(root, sizeof root, "%s", watched);
  root_size = strlen(root);
  map_counters(file);
  kill_at = kill_text ? (uint32_t)atol(kill_text) : 0;
  frozen_time = clock_text ? (time_t)atoll(clock_text) : 0;
  read_failure(getenv("FAULTS_FAIL"));
  open_log(log);
}

__attribute__((constructor)) static void start_with_program(void) { faults_start(); }

/* Which calls are watched */

static int is_below_root(const char *path) {
  return log_fd >= 0 && !strncmp(path, root, root_size) && (path[root_size] == '/' || path[root_size] == '\0');
}

static const char *path_of(int fd) { return log_fd >= 0 && fd >= 0 && fd < MAX_FDS ? paths[fd] : NULL; }

static int is_printed(int fd) { return log_fd >= 0 && (fd == 1 || fd == 2) && !paths[fd]; }

static void forget(int fd) {
  if (fd < 0 || fd >= MAX_FDS) return;
  free(paths[fd]);
  paths[fd] = NULL;
}

static void remember(int fd, const char *path) {
  forget(fd);
  if (fd >= 0 && fd < MAX_FDS) paths[fd] = strdup(path);
}

static void read_path_of(int fd, char *result) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, result, PATH_MAX - 1);
  result[size > 0 ? size : 0] = '\0';
}

/* Make a path absolute without following links. */
static const char *absolute(int folder, const char *path, char *result) {
  if (path[0] == '/') return path;
  char base[PATH_MAX] = "";
  if (folder == AT_FDCWD) syscall(SYS_getcwd, base, sizeof base);
  else read_path_of(folder, base);
  snprintf(result, PATH_MAX, "%.*s/%.*s", PATH_MAX / 2 - 1, base, PATH_MAX / 2 - 1, path);
  return result;
}

/* Count, fail, kill, log */

/* Count a call and kill the process if it is the one; return 0, or how the call must fail. */
static int next_fault(enum kind kind) {
  uint32_t nth = __atomic_add_fetch(&counters[kind], 1, __ATOMIC_SEQ_CST);
  if (kind != READ && kind != CLOSE) {
    uint32_t number = __atomic_add_fetch(&counters[KIND_COUNT], 1, __ATOMIC_SEQ_CST);
    if (number == kill_at) syscall(SYS_kill, getpid(), SIGKILL);
  }
  return (int)kind == fail_kind && nth == fail_at ? fail_error : 0;
}

/* Return whether a call must fail, with errno set. */
static int fails(enum kind kind) {
  int fault = next_fault(kind);
  if (fault > 0) errno = fault;
  return fault > 0;
}

static void write_record(struct record head, const char *path, const char *other, const void *data) {
  head.pid = (uint32_t)getpid();
  head.path_size = path ? strlen(path) : 0;
  head.other_size = other ? strlen(other) : 0;
  struct iovec parts[] = {
    {&head, sizeof head}, {(void *)path, head.path_size}, {(void *)other, head.other_size}, {(void *)data, head.data_size}
  };
  int saved = errno;
  syscall(SYS_writev, log_fd, parts, 4);
  errno = saved;
}

/* Log a call on names if it succeeded; return its result. */
static int logged(long result, enum kind kind, uint32_t flags, const char *path, const char *other) {
  if (result >= 0) write_record((struct record){.kind = kind, .fd = -1, .flags = flags}, path, other, NULL);
  return (int)result;
}

static ssize_t logged_write(ssize_t written, int fd, int64_t offset, const void *data) {
  struct record head = {.kind = path_of(fd) ? WRITE : PRINT, .fd = fd, .offset = offset};
  head.data_size = written > 0 ? (uint32_t)written : 0;
  if (written > 0) write_record(head, path_of(fd), NULL, data);
  return written;
}

/* Files */

static int open_watched(int folder, const char *path, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  int is_write = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
  if (log_fd >= 0 && is_below_root(absolute(folder, path, buffer)) && fails(is_write ? OPEN : READ)) return -1;
  int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
  if (fd < 0 || log_fd < 0) return fd;
  read_path_of(fd, buffer);
  forget(fd);
  if (!is_below_root(buffer)) return fd;
  remember(fd, buffer);
  write_record((struct record){.kind = OPEN, .fd = fd, .flags = (uint32_t)flags}, buffer, NULL, NULL);
  return fd;
}

#define MODE_ARGUMENT(flags)                        \
  mode_t mode = 0;                                  \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {          \
    va_list rest;                                   \
    va_start(rest, flags);                          \
    mode = (mode_t)va_arg(rest, int);               \
    va_end(rest);                                   \
  }

int open(const char *path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_watched(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_watched(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_watched(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_watched(folder, path, flags, mode);
}

int __open_2(const char *path, int flags) { return open_watched(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_watched(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_watched(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return open_watched(folder, path, flags, 0); }

int close(int fd) {
  if (path_of(fd)) {
    next_fault(CLOSE);
    write_record((struct record){.kind = CLOSE, .fd = fd}, paths[fd], NULL, NULL);
    forget(fd);
  }
  return (int)syscall(SYS_close, fd);
}

static int copy_path(int fd, int copy) {
  if (copy >= 0 && path_of(fd)) remember(copy, paths[fd]);
  else forget(copy);
  return copy;
}

int dup(int fd) { return copy_path(fd, (int)syscall(SYS_dup, fd)); }
int dup3(int fd, int copy, int flags) { return copy_path(fd, (int)syscall(SYS_dup3, fd, copy, flags)); }
int dup2(int fd, int copy) { return fd == copy ? fd : dup3(fd, copy, 0); }

/* Contents */

/* Return how much of a write may happen: all, half of it, or -1 for an error. */
static ssize_t allowed_size(int fd, size_t size) {
  int fault = next_fault(path_of(fd) ? WRITE : PRINT);
  if (fault > 0) errno = fault;
  return fault > 0 ? -1 : fault == SHORT_WRITE ? (ssize_t)(size + 1) / 2 : (ssize_t)size;
}

ssize_t write(int fd, const void *data, size_t size) {
  if (!path_of(fd) && !is_printed(fd)) return syscall(SYS_write, fd, data, size);
  ssize_t allowed = allowed_size(fd, size);
  if (allowed < 0) return -1;
  ssize_t written = syscall(SYS_write, fd, data, allowed);
  int64_t end = path_of(fd) ? syscall(SYS_lseek, fd, 0, SEEK_CUR) : 0;
  return logged_write(written, fd, end - written, data);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!path_of(fd) && !is_printed(fd)) return syscall(SYS_writev, fd, parts, count);
  ssize_t total = 0;
  for (int index = 0; index < count; index++) {
    ssize_t written = write(fd, parts[index].iov_base, parts[index].iov_len);
    if (written < 0) return total ? total : -1;
    total += written;
    if ((size_t)written < parts[index].iov_len) break;
  }
  return total;
}

static ssize_t write_at(int fd, const void *data, size_t size, off_t offset) {
  if (!path_of(fd)) return syscall(SYS_pwrite64, fd, data, size, offset);
  ssize_t allowed = allowed_size(fd, size);
  if (allowed < 0) return -1;
  return logged_write(syscall(SYS_pwrite64, fd, data, allowed, offset), fd, offset, data);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return write_at(fd, data, size, offset); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return write_at(fd, data, size, offset); }

static int truncate_file(int fd, off_t size) {
  if (path_of(fd) && fails(TRUNCATE)) return -1;
  int result = (int)syscall(SYS_ftruncate, fd, size);
  if (!result && path_of(fd))
    write_record((struct record){.kind = TRUNCATE, .fd = fd, .offset = size}, paths[fd], NULL, NULL);
  return result;
}

int ftruncate(int fd, off_t size) { return truncate_file(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncate_file(fd, size); }

static int sync_file(long number, int fd) {
  if (path_of(fd) && fails(SYNC)) return -1;
  int result = (int)syscall(number, fd);
  if (!result && path_of(fd)) write_record((struct record){.kind = SYNC, .fd = fd}, paths[fd], NULL, NULL);
  return result;
}

int fsync(int fd) { return sync_file(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_file(SYS_fdatasync, fd); }

/* Copies within the kernel would not show their data: a watched target makes the program copy by itself. */

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t size, unsigned flags) {
  if (path_of(out)) return errno = EXDEV, -1;
  return syscall(SYS_copy_file_range, in, in_at, out, out_at, size, flags);
}

static ssize_t send_file(int out, int in, off_t *at, size_t size) {
  if (path_of(out)) return errno = EINVAL, -1;
  return syscall(SYS_sendfile, out, in, at, size);
}

ssize_t sendfile(int out, int in, off_t *at, size_t size) { return send_file(out, in, at, size); }
ssize_t sendfile64(int out, int in, off64_t *at, size_t size) { return send_file(out, in, at, size); }

ssize_t read(int fd, void *data, size_t size) {
  return path_of(fd) && fails(READ) ? -1 : syscall(SYS_read, fd, data, size);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset) {
  return path_of(fd) && fails(READ) ? -1 : syscall(SYS_pread64, fd, data, size, offset);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t offset) { return pread(fd, data, size, offset); }

/* Names */

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
  const char *old = absolute(from_folder, from, from_buffer), *new = absolute(to_folder, to, to_buffer);
  int is_watched = is_below_root(old) || is_below_root(new);
  if (is_watched && fails(RENAME)) return -1;
  int result = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
  return is_watched ? logged(result, RENAME, flags, old, new) : result;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return renameat2(from_folder, from, to_folder, to, 0);
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
  const char *old = absolute(from_folder, from, from_buffer), *new = absolute(to_folder, to, to_buffer);
  if (is_below_root(new) && fails(LINK)) return -1;
  int result = (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  return is_below_root(new) ? logged(result, LINK, 0, old, new) : result;
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *path, int flags) {
  char buffer[PATH_MAX];
  const char *name = absolute(folder, path, buffer);
  enum kind kind = flags & AT_REMOVEDIR ? RMDIR : UNLINK;
  if (is_below_root(name) && fails(kind)) return -1;
  int result = (int)syscall(SYS_unlinkat, folder, path, flags);
  return is_below_root(name) ? logged(result, kind, 0, name, NULL) : result;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
  char buffer[PATH_MAX];
  const char *name = absolute(folder, path, buffer);
  if (is_below_root(name) && fails(MKDIR)) return -1;
  int result = (int)syscall(SYS_mkdirat, folder, path, mode);
  return is_below_root(name) ? logged(result, MKDIR, mode, name, NULL) : result;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int fchmodat(int folder, const char *path, mode_t mode, int flags) {
  char buffer[PATH_MAX];
  const char *name = absolute(folder, path, buffer);
  (void)flags;
  if (is_below_root(name) && fails(CHMOD)) return -1;
  int result = (int)syscall(SYS_fchmodat, folder, path, mode);
  return is_below_root(name) ? logged(result, CHMOD, mode, name, NULL) : result;
}

int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }

int fchmod(int fd, mode_t mode) {
  if (path_of(fd) && fails(CHMOD)) return -1;
  int result = (int)syscall(SYS_fchmod, fd, mode);
  return path_of(fd) ? logged(result, CHMOD, mode, paths[fd], NULL) : result;
}

/* The clock */

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (!frozen_time || clock != CLOCK_REALTIME) return (int)syscall(SYS_clock_gettime, clock, now);
  *now = (struct timespec){.tv_sec = frozen_time};
  return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec time;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &time);
  *now = (struct timeval){.tv_sec = time.tv_sec, .tv_usec = time.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

/*
 * A disk that can lose power and fill up: a folder, shown at another place through FUSE.
 * The calls of the file system are here, the commands in main.c, what a cut does in unsynced.c.
 */
#define _GNU_SOURCE
#include "disk.h"
#include "unsynced.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct handle {
    int fd;
    struct file *file;
    unsigned power; /* how often the power had been cut when it was opened */
    int flags;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static bool frozen, off;
static unsigned power;
static int64_t room = -1; /* bytes; -1 for no bound */
static int folder = -1, removed = -1;
static struct disk_options options;

/* Takes the lock, unless there is no power; handle may be NULL. */
static int enter(const struct handle *handle) {
    pthread_mutex_lock(&lock);
    unsigned before = power;
    while (frozen) pthread_cond_wait(&moved, &lock);
    if (!off && power == before && (!handle || handle->power == power)) return 0;
    pthread_mutex_unlock(&lock);
    return -EIO;
}

static int leave(int result) {
    int answer = result < 0 ? -errno : result;
    pthread_mutex_unlock(&lock);
    return answer;
}

static int leave_with(int error) {
    pthread_mutex_unlock(&lock);
    return -error;
}

#define ENTER(handle)                      \
    do {                                   \
        int entered = enter(handle);       \
        if (entered != 0) return entered;  \
    } while (0)

static const char *at(const char *path) { return path[1] ? path + 1 : "."; }

static struct handle *handle_of(const struct fuse_file_info *info) {
    return info ? (struct handle *) (uintptr_t) info->fh : NULL;
}

static void take(off_t growth) {
    if (room >= 0) room = growth > room ? 0 : room - growth;
}

static int disk_getattr(const char *path, struct stat *stat, struct fuse_file_info *info) {
    struct handle *handle = handle_of(info);
    ENTER(handle);
    return leave(handle ? fstat(handle->fd, stat) : fstatat(folder, at(path), stat, AT_SYMLINK_NOFOLLOW));
}

static int disk_readlink(const char *path, char *target, size_t size) {
    ENTER(NULL);
    ssize_t length = readlinkat(folder, at(path), target, size - 1);
    if (length >= 0) target[length] = 0;
    return leave(length < 0 ? -1 : 0);
}

static int disk_opendir(const char *path, struct fuse_file_info *info) {
    ENTER(NULL);
    int fd = openat(folder, at(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    info->fh = (uint64_t) fd;
    return leave(fd < 0 ? -1 : 0);
}

static int disk_readdir(const char *path, void *answer, fuse_fill_dir_t fill, off_t offset,
                        struct fuse_file_info *info, enum fuse_readdir_flags flags) {
    (void) path, (void) offset, (void) flags;
    ENTER(NULL);
    int fd = openat((int) info->fh, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) return leave(-1);
    for (struct dirent *entry; (entry = readdir(directory));) fill(answer, entry->d_name, NULL, 0, 0);
    closedir(directory);
    return leave(0);
}

static int disk_releasedir(const char *path, struct fuse_file_info *info) {
    (void) path;
    close((int) info->fh);
    return 0;
}

static int disk_mkdir(const char *path, mode_t mode) {
    ENTER(NULL);
    if (room == 0) return leave_with(ENOSPC);
    int result = mkdirat(folder, at(path), mode);
    if (result == 0) names_changed(DIRECTORY_MADE, at(path), NULL, 0, mode);
    return leave(result);
}

static int disk_rmdir(const char *path) {
    ENTER(NULL);
    struct stat stat;
    int result = fstatat(folder, at(path), &stat, AT_SYMLINK_NOFOLLOW);
    if (result == 0) result = unlinkat(folder, at(path), AT_REMOVEDIR);
    if (result == 0) names_changed(DIRECTORY_REMOVED, at(path), NULL, 0, stat.st_mode & 07777);
    return leave(result);
}

/* Moves a file out of sight until its removal is on disk. 0 where there is none. */
static unsigned long put_aside(const char *path) {
    struct stat stat;
    char kept[32];
    if (fstatat(folder, path, &stat, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(stat.st_mode)) return 0;
    unsigned long number = next_kept(kept, sizeof kept);
    if (renameat(folder, path, removed, kept) != 0) return 0;
    if (room >= 0) room += stat.st_size;
    return number;
}

static int disk_unlink(const char *path) {
    ENTER(NULL);
    unsigned long kept = put_aside(at(path));
    if (!kept) return leave(unlinkat(folder, at(path), 0));
    names_changed(REMOVED, at(path), NULL, kept, 0);
    return leave(0);
}

static int disk_rename(const char *from, const char *to, unsigned flags) {
    ENTER(NULL);
    if (flags) return leave_with(EINVAL);
    if (faccessat(folder, at(from), F_OK, AT_SYMLINK_NOFOLLOW) != 0) return leave(-1);
    unsigned long kept = put_aside(at(to));
    int result = renameat(folder, at(from), folder, at(to));
    if (result == 0) names_changed(RENAMED, at(from), at(to), kept, 0);
    return leave(result);
}

static int disk_symlink(const char *target, const char *path) {
    ENTER(NULL);
    int result = symlinkat(target, folder, at(path));
    if (result == 0) names_changed(CREATED, at(path), NULL, 0, 0);
    return leave(result);
}

static int disk_chmod(const char *path, mode_t mode, struct fuse_file_info *info) {
    ENTER(handle_of(info));
    return leave(info ? fchmod(handle_of(info)->fd, mode) : fchmodat(folder, at(path), mode, 0));
}

static int disk_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *info) {
    ENTER(handle_of(info));
    return leave(info ? fchown(handle_of(info)->fd, user, group)
                      : fchownat(folder, at(path), user, group, AT_SYMLINK_NOFOLLOW));
}

static int disk_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *info) {
    ENTER(handle_of(info));
    return leave(info ? futimens(handle_of(info)->fd, times)
                      : utimensat(folder, at(path), times, AT_SYMLINK_NOFOLLOW));
}

static int truncated(int fd, struct file *file, off_t size) {
    struct stat stat;
    if (fstat(fd, &stat) != 0) return -1;
    file_truncate(file, size);
    if (room >= 0 && size < stat.st_size) room += stat.st_size - size;
    return ftruncate(fd, size);
}

static int opened(const char *path, int flags, mode_t mode, struct fuse_file_info *info) {
    bool creating = flags & O_CREAT && faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    if (creating && room == 0) return leave_with(ENOSPC);
    int fd = openat(folder, path, (flags & ~(O_TRUNC | O_APPEND | O_DIRECT)) | O_CLOEXEC, mode);
    if (fd < 0) return leave(-1);
    struct handle *handle = malloc(sizeof *handle);
    if (!handle) abort();
    *handle = (struct handle){fd, file_of(fd), power, flags};
    if (!handle->file) {
        free(handle);
        close(fd);
        return leave_with(EIO);
    }
    if (creating) names_changed(CREATED, path, NULL, 0, 0);
    if (flags & O_TRUNC && !creating) truncated(fd, handle->file, 0);
    info->fh = (uintptr_t) handle;
    info->direct_io = 1; /* the kernel must not show bytes that a cut has taken */
    return leave(0);
}

static int disk_create(const char *path, mode_t mode, struct fuse_file_info *info) {
    ENTER(NULL);
    return opened(at(path), info->flags | O_CREAT, mode, info);
}

static int disk_open(const char *path, struct fuse_file_info *info) {
    ENTER(NULL);
    return opened(at(path), info->flags & ~O_CREAT, 0, info);
}

static int disk_release(const char *path, struct fuse_file_info *info) {
    (void) path;
    struct handle *handle = handle_of(info);
    pthread_mutex_lock(&lock);
    close(handle->fd);
    file_release(handle->file);
    pthread_mutex_unlock(&lock);
    free(handle);
    return 0;
}

static int disk_read(const char *path, char *into, size_t size, off_t offset, struct fuse_file_info *info) {
    (void) path;
    ENTER(handle_of(info));
    return leave(pread(handle_of(info)->fd, into, size, offset));
}

static int disk_write(const char *path, const char *from, size_t size, off_t offset, struct fuse_file_info *info) {
    (void) path;
    struct handle *handle = handle_of(info);
    ENTER(handle);
    struct stat stat;
    if (fstat(handle->fd, &stat) != 0) return leave(-1);
    if (handle->flags & O_APPEND) offset = stat.st_size;
    off_t growth = offset + (off_t) size - stat.st_size;
    if (room >= 0 && growth > room) {
        if ((off_t) size <= growth - room) return leave_with(ENOSPC);
        size -= growth - room;
        growth = room;
    }
    if (growth > 0) take(growth);
    file_touch(handle->file, offset, size);
    ssize_t written = pwrite(handle->fd, from, size, offset);
    if (written >= 0 && handle->flags & (O_SYNC | O_DSYNC)) file_synced(handle->file);
    return leave(written);
}

static int disk_truncate(const char *path, off_t size, struct fuse_file_info *info) {
    struct handle *handle = handle_of(info);
    ENTER(handle);
    if (handle) return leave(truncated(handle->fd, handle->file, size));
    int fd = openat(folder, at(path), O_RDWR | O_CLOEXEC);
    if (fd < 0) return leave(-1);
    struct file *file = file_of(fd);
    int result = file ? truncated(fd, file, size) : -1;
    if (file) file_release(file);
    close(fd);
    return leave(result);
}

static int disk_fsync(const char *path, int datasync, struct fuse_file_info *info) {
    (void) path, (void) datasync;
    ENTER(handle_of(info));
    file_synced(handle_of(info)->file);
    if (!options.strict_names) names_synced();
    return leave(0);
}

static int disk_fsyncdir(const char *path, int datasync, struct fuse_file_info *info) {
    (void) path, (void) datasync, (void) info;
    ENTER(NULL);
    names_synced();
    return leave(0);
}

static int disk_statfs(const char *path, struct statvfs *stat) {
    (void) path;
    ENTER(NULL);
    int result = fstatvfs(folder, stat);
    if (result == 0 && room >= 0) stat->f_bfree = stat->f_bavail = (fsblkcnt_t) room / stat->f_frsize;
    return leave(result);
}

static void *disk_init(struct fuse_conn_info *connection, struct fuse_config *config) {
    (void) connection;
    config->use_ino = 1;
    config->hard_remove = 1;
    config->nullpath_ok = 1;
    config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
    return NULL;
}

const struct fuse_operations disk_operations = {
    .init = disk_init, .getattr = disk_getattr, .readlink = disk_readlink,
    .opendir = disk_opendir, .readdir = disk_readdir, .releasedir = disk_releasedir,
    .mkdir = disk_mkdir, .rmdir = disk_rmdir, .unlink = disk_unlink, .rename = disk_rename,
    .symlink = disk_symlink, .chmod = disk_chmod, .chown = disk_chown, .utimens = disk_utimens,
    .create = disk_create, .open = disk_open, .release = disk_release, .read = disk_read,
    .write = disk_write, .truncate = disk_truncate, .fsync = disk_fsync, .fsyncdir = disk_fsyncdir,
    .statfs = disk_statfs,
};

static void cut_now(const char *seed, char *answer, size_t length) {
    struct cut cut = {seed != NULL, seed ? strtoull(seed, NULL, 10) : 0, options.holes};
    power_cut(&cut, answer, length);
    frozen = false;
    off = true;
    power++;
}

static void image_now(const char *arguments, char *answer, size_t length) {
    struct cut cut = {true, 0, options.holes};
    char into[4096];
    if (sscanf(arguments, "%" SCNu64 " %4095[^\n]", &cut.seed, into) != 2 ||
        power_image(&cut, into, answer, length) != 0) {
        snprintf(answer, length, "error: no seed or no empty folder in %s", arguments);
    }
}

void disk_obey(const char *command, char *answer, size_t length) {
    pthread_mutex_lock(&lock);
    snprintf(answer, length, "ok");
    if (strcmp(command, "freeze") == 0) {
        frozen = true;
    } else if (strcmp(command, "cut") == 0) {
        cut_now(NULL, answer, length);
    } else if (strncmp(command, "cut ", 4) == 0) {
        cut_now(command + 4, answer, length);
    } else if (strncmp(command, "image ", 6) == 0) {
        image_now(command + 6, answer, length);
    } else if (strcmp(command, "on") == 0) {
        off = frozen = false;
    } else if (strncmp(command, "full ", 5) == 0) {
        room = strtoll(command + 5, NULL, 10);
        if (room < 0) room = 0;
    } else if (strcmp(command, "room") == 0) {
        room = -1;
    } else if (strcmp(command, "status") == 0) {
        unsynced_status(answer, length);
    } else {
        snprintf(answer, length, "error: no such command");
    }
    pthread_cond_broadcast(&moved);
    pthread_mutex_unlock(&lock);
}

void disk_start(int in, int removed_files, struct disk_options given) {
    folder = in;
    removed = removed_files;
    options = given;
    unsynced_start(folder, removed, given.most_bytes);
}

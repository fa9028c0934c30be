/*
 * What is not synced, as an undo log: the folder behind always holds the newest bytes and names, and this
 * remembers what was there at the last fsync. A power cut puts back all of it, or a part.
 *
 * Bytes: by file, in sectors of 512 bytes, until the file is fsynced. A part that lands is decided by sector,
 * by block of 4,096 bytes or by write, whatever came first: a disk writes in any order and tears.
 * What was appended lands from its beginning on (ext4 and xfs write a size after what it covers; the
 * single-block and multi-block appends of "All File Systems Are Not Created Equal", table 1), or with
 * holes of zeros (LazyFS's torn writes), which an xfs with several extents under way can leave.
 *
 * Names: a journal of creations, renames and removals, in order. Some prefix of it lands: the journals of ext4
 * and xfs keep the order, and any fsync commits everything before it (names_synced). A name may be on disk
 * without the bytes of its file.
 *
 * Memory is bounded: the file that passes the bound is written back, as a kernel may do at any time.
 */
#define _GNU_SOURCE
#include "unsynced.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUCKETS = 1024, MOST_NAMES = 10000 };

struct block {
    struct block *next;
    uint64_t number;
    uint64_t writes[SECTORS]; /* 0 for a sector that nobody touched, else the number of the write */
    unsigned char old[BLOCK];
};

struct file {
    struct file *next;
    ino_t inode;
    int fd; /* our own, for as long as this lives */
    int users;
    off_t synced_size;
    bool dirty;
    uint64_t born; /* an order that does not depend on inode numbers */
    struct block *blocks[BUCKETS];
};

struct name {
    struct name *next;
    enum change change;
    char *path, *to;
    unsigned long kept;
    mode_t mode;
};

static int folder = -1, removed = -1;
static size_t bytes, most_bytes;
static unsigned long written_back, kept_names;
static uint64_t writes, births;
static struct file *files;
static struct name *names; /* newest first */
static size_t name_count;

void unsynced_start(int in, int removed_files, size_t most) {
    folder = in;
    removed = removed_files;
    most_bytes = most;
}

static off_t size_of(int fd) {
    struct stat stat;
    return fstat(fd, &stat) == 0 ? stat.st_size : 0;
}

struct file *file_of(int fd) {
    struct stat stat;
    if (fstat(fd, &stat) != 0) return NULL;
    for (struct file *file = files; file; file = file->next) {
        if (file->inode == stat.st_ino) {
            file->users++;
            return file;
        }
    }
    struct file *file = calloc(1, sizeof *file);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (!file) return NULL;
    file->fd = open(path, O_RDWR | O_CLOEXEC);
    if (file->fd < 0) file->fd = open(path, O_RDONLY | O_CLOEXEC); /* that nobody can write to */
    if (file->fd < 0) {
        free(file);
        return NULL;
    }
    file->inode = stat.st_ino;
    file->users = 1;
    file->synced_size = stat.st_size;
    file->born = ++births;
    file->next = files;
    files = file;
    return file;
}

static void forget_blocks(struct file *file) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        for (struct block *block = file->blocks[bucket], *next; block; block = next) {
            next = block->next;
            free(block);
            bytes -= sizeof *block;
        }
        file->blocks[bucket] = NULL;
    }
}

static void drop_if_unused(struct file *file) {
    if (file->users > 0 || file->dirty) return;
    struct file **link = &files;
    while (*link != file) link = &(*link)->next;
    *link = file->next;
    close(file->fd);
    free(file);
}

void file_release(struct file *file) {
    file->users--;
    drop_if_unused(file);
}

void file_synced(struct file *file) {
    forget_blocks(file);
    file->synced_size = size_of(file->fd);
    file->dirty = false;
    drop_if_unused(file);
}

void file_gone(ino_t inode) {
    for (struct file *file = files; file; file = file->next) {
        if (file->inode == inode) {
            forget_blocks(file);
            file->dirty = false;
            drop_if_unused(file);
            return;
        }
    }
}

static struct block *block_of(struct file *file, uint64_t number) {
    struct block **bucket = &file->blocks[number % BUCKETS];
    for (struct block *block = *bucket; block; block = block->next) {
        if (block->number == number) return block;
    }
    struct block *block = calloc(1, sizeof *block);
    if (!block) abort();
    block->number = number;
    off_t at = (off_t) number * BLOCK;
    /* Behind the synced size there is nothing to remember. */
    if (at < file->synced_size && pread(file->fd, block->old, BLOCK, at) < 0) abort();
    block->next = *bucket;
    *bucket = block;
    bytes += sizeof *block;
    return block;
}

void file_touch(struct file *file, off_t offset, size_t length) {
    if (length == 0) return;
    if (!file->dirty) {
        file->synced_size = size_of(file->fd);
        file->dirty = true;
    }
    writes++;
    off_t last = (offset + (off_t) length - 1) / SECTOR;
    for (off_t sector = offset / SECTOR; sector <= last; sector++) {
        block_of(file, sector / SECTORS)->writes[sector % SECTORS] = writes;
    }
    if (bytes > most_bytes) {
        written_back++;
        forget_blocks(file);
        file->synced_size = size_of(file->fd);
    }
}

void file_truncate(struct file *file, off_t size) {
    off_t now = size_of(file->fd);
    if (size < now) {
        file_touch(file, size, now - size);
    } else if (size > now) {
        file_touch(file, now, 1);
    }
}

static void free_name(struct name *name) {
    free(name->path);
    free(name->to);
    free(name);
}

static void kept_path(unsigned long kept, char *path, size_t length) {
    snprintf(path, length, "%lu", kept);
}

unsigned long next_kept(char *path, size_t length) {
    kept_path(++kept_names, path, length);
    return kept_names;
}

void names_synced(void) {
    while (names) {
        struct name *name = names;
        names = name->next;
        if (name->kept) {
            char path[32];
            struct stat stat;
            kept_path(name->kept, path, sizeof path);
            if (fstatat(removed, path, &stat, AT_SYMLINK_NOFOLLOW) == 0) file_gone(stat.st_ino);
            unlinkat(removed, path, 0);
        }
        free_name(name);
    }
    name_count = 0;
}

void names_changed(enum change change, const char *path, const char *to, unsigned long kept, mode_t mode) {
    if (name_count >= MOST_NAMES) {
        written_back++;
        names_synced();
    }
    struct name *name = calloc(1, sizeof *name);
    if (!name) abort();
    *name = (struct name){names, change, strdup(path), to ? strdup(to) : NULL, kept, mode};
    names = name;
    name_count++;
}

static void undo(const struct name *name, int folder, int removed) {
    char path[32];
    kept_path(name->kept, path, sizeof path);
    switch (name->change) {
        case CREATED: unlinkat(folder, name->path, 0); break;
        case DIRECTORY_MADE: unlinkat(folder, name->path, AT_REMOVEDIR); break;
        case DIRECTORY_REMOVED: mkdirat(folder, name->path, name->mode); break;
        case REMOVED: renameat(removed, path, folder, name->path); break;
        case RENAMED:
            renameat(folder, name->to, folder, name->path);
            if (name->kept) renameat(removed, path, folder, name->to);
            break;
    }
}

/* SplitMix64: one number from a seed and what it is asked about. */
static uint64_t mixed(uint64_t seed, uint64_t about) {
    uint64_t z = seed + (about + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/* How the dice of one file fall. */
struct dice {
    uint64_t seed;
    unsigned quarters; /* of four, how many units land */
    unsigned unit;     /* 0 sectors, 1 blocks, 2 writes */
};

static bool lands(const struct dice *dice, const struct block *block, int sector) {
    uint64_t at = dice->unit == 0   ? block->number * SECTORS + sector
                  : dice->unit == 1 ? block->number
                                    : block->writes[sector];
    return mixed(dice->seed, at) % 4 < dice->quarters;
}

/* The size that is found after the cut. */
static off_t size_after(const struct cut *cut, const struct dice *dice, off_t synced, off_t now) {
    uint64_t one = mixed(dice->seed, 1ULL << 40);
    if (!cut->random) return synced;
    if (one % 4 == 0 || now == synced) return synced;
    if (one % 4 == 1 || now < synced) return now;
    off_t unit = dice->unit == 0 ? SECTOR : BLOCK;
    off_t size = (synced + (off_t) (mixed(dice->seed, 2ULL << 40) % (uint64_t) (now - synced + 1))) / unit * unit;
    return size < synced ? synced : size;
}

struct count { size_t lost, landed; };

/* Makes a file, or a copy of it, what it is after the cut. */
static off_t put_back(const struct file *file, int fd, const struct cut *cut, struct count *sectors) {
    struct dice dice = {mixed(cut->seed, file->born), 0, 0};
    dice.quarters = cut->random ? mixed(dice.seed, 3ULL << 40) % 5 : 0;
    dice.unit = mixed(dice.seed, 4ULL << 40) % 3;
    off_t now = size_of(fd), size = size_after(cut, &dice, file->synced_size, now);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        for (const struct block *block = file->blocks[bucket]; block; block = block->next) {
            for (int sector = 0; sector < SECTORS; sector++) {
                off_t at = (off_t) block->number * BLOCK + sector * SECTOR;
                /* A size lands after what it covers, a truncation leaves what it cut off. */
                bool covered = !cut->holes && size > file->synced_size && at + SECTOR > file->synced_size;
                bool cut_off = at >= now;
                if (!block->writes[sector] || at >= size) continue;
                if (cut->random && !cut_off && (covered || lands(&dice, block, sector))) {
                    sectors->landed++;
                } else {
                    sectors->lost++;
                    if (pwrite(fd, block->old + sector * SECTOR, SECTOR, at) != SECTOR) abort();
                }
            }
        }
    }
    if (ftruncate(fd, size) != 0) abort();
    return size;
}

static size_t names_to_undo(const struct cut *cut) {
    return cut->random ? mixed(cut->seed, 5ULL << 40) % (name_count + 1) : name_count;
}

static void tell(char *report, size_t length, struct count sectors, size_t undone) {
    snprintf(report, length, "sectors lost %zu, landed %zu; names lost %zu, landed %zu", sectors.lost,
             sectors.landed, undone, name_count - undone);
}

void power_cut(const struct cut *cut, char *report, size_t length) {
    struct count sectors = {0, 0};
    for (struct file *file = files, *next; file; file = next) {
        next = file->next;
        if (file->dirty) {
            file->synced_size = put_back(file, file->fd, cut, &sectors);
            forget_blocks(file);
            file->dirty = false;
        }
        drop_if_unused(file);
    }
    size_t undoing = names_to_undo(cut);
    tell(report, length, sectors, undoing);
    for (; undoing > 0; undoing--) {
        struct name *name = names;
        undo(name, folder, removed);
        names = name->next;
        name_count--;
        free_name(name);
    }
    names_synced();
}

static void copy_file(int from, int to, const struct cut *cut, struct count *sectors) {
    struct stat stat;
    if (fstat(from, &stat) != 0) abort();
    for (off_t left = stat.st_size; left > 0;) {
        ssize_t copied = copy_file_range(from, NULL, to, NULL, left, 0);
        if (copied <= 0) abort();
        left -= copied;
    }
    for (const struct file *file = files; file; file = file->next) {
        if (file->inode == stat.st_ino && file->dirty) put_back(file, to, cut, sectors);
    }
}

static void copy_folder(int from, int to, const struct cut *cut, struct count *sectors) {
    DIR *directory = fdopendir(openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) abort();
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (entry->d_type != DT_DIR && entry->d_type != DT_REG) continue;
        int one = openat(from, entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), other;
        if (entry->d_type == DT_DIR) {
            mkdirat(to, entry->d_name, 0700);
            other = openat(to, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            copy_folder(one, other, cut, sectors);
        } else {
            other = openat(to, entry->d_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
            copy_file(one, other, cut, sectors);
        }
        close(one);
        close(other);
    }
    closedir(directory);
}

int power_image(const struct cut *cut, const char *into, char *report, size_t length) {
    struct count sectors = {0, 0};
    size_t undoing = names_to_undo(cut);
    int target = open(into, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (target < 0 || mkdirat(target, ".removed", 0700) != 0) return -1;
    int aside = openat(target, ".removed", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    copy_folder(folder, target, cut, &sectors);
    copy_folder(removed, aside, cut, &sectors);
    tell(report, length, sectors, undoing);
    for (const struct name *name = names; undoing > 0; name = name->next, undoing--) {
        undo(name, target, aside);
    }
    close(aside);
    close(target);
    return 0;
}

void unsynced_status(char *report, size_t length) {
    snprintf(report, length, "unsynced bytes %zu, names %zu; written back %lu times", bytes, name_count,
             written_back);
}

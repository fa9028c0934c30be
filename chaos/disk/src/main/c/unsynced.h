/* What a disk would forget in a power cut: see unsynced.c. Not thread-safe: the caller has a lock. */
#ifndef PARLEY_UNSYNCED_H
#define PARLEY_UNSYNCED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SECTOR = 512, BLOCK = 4096, SECTORS = BLOCK / SECTOR };

/* One file that is open or has unsynced bytes. */
struct file;

/* The file behind an open descriptor, with one more user; NULL with errno when memory is short. */
struct file *file_of(int fd);

/* One user less. */
void file_release(struct file *file);

/* To be called before bytes change: remembers what they were at the last fsync. */
void file_touch(struct file *file, off_t offset, size_t length);

/* To be called before a truncation. */
void file_truncate(struct file *file, off_t size);

/* What was written is on disk. */
void file_synced(struct file *file);

/* To be called when the last name of a file is gone for good. */
void file_gone(ino_t inode);

enum change { CREATED, REMOVED, RENAMED, DIRECTORY_MADE, DIRECTORY_REMOVED };

/*
 * To be called after names changed. Paths are relative to the folder.
 * kept: a name in the folder of removed files under which a removed or replaced file still is; 0 for none.
 */
void names_changed(enum change change, const char *path, const char *to, unsigned long kept, mode_t mode);

/* Names are on disk as they are now. */
void names_synced(void);

/* A name for a file that is removed, under removed_folder(). */
unsigned long next_kept(char *path, size_t length);

struct cut {
    bool random;   /* what was not synced may have landed, decided by the seed; else nothing of it has */
    uint64_t seed;
    bool holes;    /* what was appended lands in any order; else from its beginning on, as on ext4 and xfs */
};

/* Forgets. Every descriptor of before is to be refused from now on. */
void power_cut(const struct cut *cut, char *report, size_t length);

/* Writes into an empty folder what power_cut would leave, and goes on; -1 with errno where it cannot. */
int power_image(const struct cut *cut, const char *into, char *report, size_t length);

/* The folder that everything is in, and the one beside it for removed files; and a bound on memory. */
void unsynced_start(int folder, int removed, size_t most_bytes);

/* Bytes that are remembered, names that are, and how often the bound wrote something back. */
void unsynced_status(char *report, size_t length);

#endif

/* The file system of disk.c. */
#ifndef PARLEY_DISK_H
#define PARLEY_DISK_H

#define FUSE_USE_VERSION 31
#include <fuse.h>
#include <stdbool.h>
#include <stddef.h>

struct disk_options {
    bool holes, strict_names;
    size_t most_bytes;
};

extern const struct fuse_operations disk_operations;

/* Before the first call: the folder behind, and one beside it for removed files. */
void disk_start(int folder, int removed, struct disk_options options);

/* Does one command of those in main.c. */
void disk_obey(const char *command, char *answer, size_t length);

#endif

/*
 * The program of the disk of disk.c.
 *
 *   parley-disk FOLDER REMOVED MOUNTPOINT [--holes] [--strict-names] [--most-mb N]
 *
 * REMOVED is an empty folder on the same file system as FOLDER, beside it, for this program's use.
 * Commands are lines on standard input, each answered by a line on standard output:
 *
 *   freeze      every call waits from now on: the moment of the cut
 *   cut         power off: what was not synced is gone; every call fails with EIO
 *   cut SEED    power off: of what was not synced any part may be there, decided by the seed
 *   image SEED FOLDER   writes into an empty folder what "cut SEED" would leave, and goes on
 *   on          power on again: files that were open before stay unusable
 *   full N      N more bytes, then ENOSPC; new files and folders need room for one byte
 *   room        no bound any more
 *   status      what is remembered
 *
 * The end of standard input, SIGTERM and SIGINT unmount. --holes: appended bytes land in any order.
 * --strict-names: names are on disk only after an fsync of a folder, as POSIX has it, and not after any
 * fsync, as on ext4 and xfs. What is modelled, and after whom: unsynced.c.
 */
#define _GNU_SOURCE
#include "disk.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fuse *fuse;

static void unmount_and_exit(void) {
    /* The threads that wait for calls have nothing to complain about. */
    close(STDERR_FILENO);
    fuse_unmount(fuse);
    _exit(0);
}

static void *control(void *nothing) {
    (void) nothing;
    char line[4200], answer[4400];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = 0;
        disk_obey(line, answer, sizeof answer);
        printf("%s\n", answer);
        fflush(stdout);
    }
    unmount_and_exit();
    return NULL;
}

static void *await_signal(void *signals) {
    int received;
    sigwait(signals, &received);
    unmount_and_exit();
    return NULL;
}

static int usage(void) {
    fputs("usage: parley-disk FOLDER REMOVED MOUNTPOINT [--holes] [--strict-names] [--most-mb N]\n", stderr);
    return 2;
}

int main(int count, char **arguments) {
    struct disk_options options = {false, false, (size_t) 256 << 20};
    if (count < 4) return usage();
    for (int i = 4; i < count; i++) {
        if (strcmp(arguments[i], "--holes") == 0) {
            options.holes = true;
        } else if (strcmp(arguments[i], "--strict-names") == 0) {
            options.strict_names = true;
        } else if (strcmp(arguments[i], "--most-mb") == 0 && i + 1 < count) {
            options.most_bytes = strtoul(arguments[++i], NULL, 10) << 20;
        } else {
            return usage();
        }
    }
    int folder = open(arguments[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int removed = open(arguments[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || removed < 0) {
        perror("parley-disk: the folders cannot be opened");
        return 1;
    }
    disk_start(folder, removed, options);
    umask(0);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){4096, 4096});

    struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
    fuse_opt_add_arg(&args, "parley-disk");
    fuse_opt_add_arg(&args, "-ofsname=parley-disk,default_permissions");
    fuse = fuse_new(&args, &disk_operations, sizeof disk_operations, NULL);
    if (!fuse || fuse_mount(fuse, arguments[3]) != 0) return 1;

    static sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, await_signal, &signals);
    pthread_create(&thread, NULL, control, NULL);
    puts("mounted");
    fflush(stdout);
    /* Ends when somebody else unmounts. */
    return fuse_loop_mt(fuse, 0);
}

/** Words about files that cannot be read or written: what is wrong, and the way out. */
export const faults = {
  fileFaults: {
    "not-found": (path) => `${path} is not there. Put it back, or choose another place.`,
    denied: (path) => `${path} may not be read or written by you. Change its permissions, or choose another place.`,
    "is-folder": (path) => `${path} is a folder. Choose a file.`,
    "not-a-file": (path) => `${path} is no file but a pipe or a device. Choose a file.`,
    "link-loop": (path) => `${path} is a link that leads back to itself. Mend it, or choose another file.`,
    "not-a-folder": (path) => `${path} is a file. Choose a folder.`,
    "read-only": (path) => `${path} is read-only. Make it writable, or choose another place.`,
    "disk-full": (path) => `The disk is full, so ${path} was not changed. Free some space, or choose another place.`,
    "changed-on-disk": (path) => `${path} was changed by another program meanwhile, so nothing was written. Read it again, then do this once more.`,
    "gone-from-disk": (path) => `${path} was removed by another program meanwhile. Save it again, or under another name.`,
    "too-big": (path) => `${path} is too large to be read at once. Split it, or choose another file.`,
    exists: (path) => `${path} is there already. Choose another name, or have it replaced.`,
  } as { readonly [code: string]: (path: string) => string },
};

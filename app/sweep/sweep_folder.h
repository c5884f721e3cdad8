#pragma once
// The folder of a sweep or a batch: files that users read, beside a store that stays. Unlike a run's folder it cannot be
// swapped as a whole; its files are replaced one by one, each whole.

#include "app/result/folder.h"

#include <string>
#include <vector>

namespace myriad {

// Throws UserError if `folder` is anything but new, empty, an earlier result or a folder with a store, or holds a file
// that is none of ours.
void check_sweep_folder(const std::string& folder);
// Writes the files, a manifest.json among them, and removes those of the earlier result that are not among them.
void update_sweep_folder(const std::string& folder, const std::vector<ResultFile>& files);

}  // namespace myriad

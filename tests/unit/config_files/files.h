#pragma once
// The files of the project as tests see them.

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace myriad::test {

// `relative` to the root of the source tree.
inline std::string source_path(std::string_view relative) {
    std::string path = MYRIAD_SOURCE_FOLDER "/";
    path.append(relative);
    return path;
}

// Every .yaml below `folder` of the source tree, sorted.
inline std::vector<std::string> yaml_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_path(folder))) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace myriad::test

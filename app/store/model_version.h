#pragma once
// Which model made a result: results of two versions are never mixed.

#include <string_view>

namespace myriad {

// A hash of the sources that can move a result, of the compiler and its flags, 32 hexadecimal digits: the same in every
// clone, another one as soon as a model changes (cmake/ModelVersion.cmake).
[[nodiscard]] std::string_view model_version();

}  // namespace myriad

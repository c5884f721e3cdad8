#pragma once
// For commands that are to be quiet.

namespace myriad {

// From now on progress_on_stderr() is silent.
void silence_progress();

}  // namespace myriad

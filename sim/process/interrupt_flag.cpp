// A handler can reach nothing but a variable of the process. Waiting is done in short steps, so that a signal between
// the look and the wait costs a step and is not lost.

#include "sim/process/interrupt_flag.h"

#include <time.h>  // NOLINT(modernize-deprecated-headers): timespec of POSIX

#include <algorithm>

namespace myriad {
namespace {

volatile std::sig_atomic_t noted_signal = 0;

void note_signal(int signal) { noted_signal = signal; }

}  // namespace

InterruptFlag::InterruptFlag() {
    noted_signal = 0;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        sigaction(kSignals[i], nullptr, &former_actions_[i]);
        if (former_actions_[i].sa_handler != SIG_IGN) {  // nohup stays nohup
            struct sigaction action {};
            action.sa_handler = note_signal;
            sigaction(kSignals[i], &action, nullptr);
        }
    }
}

InterruptFlag::~InterruptFlag() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        sigaction(kSignals[i], &former_actions_[i], nullptr);
    }
}

int InterruptFlag::signal() { return noted_signal; }

void InterruptFlag::sleep(double seconds) {
    constexpr double kStep = 0.05;
    for (double left = seconds; left > 0.0 && noted_signal == 0; left -= kStep) {
        const timespec time{0, static_cast<long>(std::min(kStep, left) * 1e9)};
        nanosleep(&time, nullptr);
    }
}

}  // namespace myriad

#pragma once
// The rate of one flow under DCQCN (Zhu et al., SIGCOMM 2015), as arithmetic: what a congestion notification takes away,
// and what time and bytes sent give back. Kernel-free; timers are caught up with when somebody asks.
//
//   notification       target = rate, rate *= 1 - alpha / 2, alpha = (1 - g) alpha + g, counts start anew
//   every alpha_timer  without notification: alpha *= 1 - g
//   every rise_timer, and every rise_bytes sent: the count of that kind goes up by one, then
//       both counts up to recoveries   rate = (target + rate) / 2                       (fast recovery)
//       one of them above              target += additive, rate = (target + rate) / 2    (additive increase)
//       both above                     target += hyper,    rate = (target + rate) / 2    (hyper increase)

#include "interconnect/packet/ethernet_control.h"
#include "sim/units/units.h"

#include <algorithm>
#include <cstdint>

namespace myriad {

class DcqcnRate {
public:
    DcqcnRate(const DcqcnConfig& config, BytesPerSecond line, TimePoint now)
        : config_(&config),
          line_(static_cast<double>(line.count())),
          rate_(line_),
          target_(line_),
          alpha_since_(now),
          rise_since_(now) {}

    // A notification has come.
    void congested(TimePoint now) {
        catch_up(now);
        target_ = rate_;
        rate_ = std::max(rate_ * (1.0 - alpha_ / 2.0), line_ * kLeast);
        alpha_ = (1.0 - config_->gain) * alpha_ + config_->gain;
        alpha_since_ = now;
        rise_since_ = now;
        by_time_ = 0;
        by_bytes_ = 0;
        bytes_ = 0;
    }

    // A packet of this size begins now.
    void sent(std::int64_t bytes, TimePoint now) {
        catch_up(now);
        bytes_ += bytes;
        while (bytes_ >= config_->rise_bytes.count()) {
            bytes_ -= config_->rise_bytes.count();
            ++by_bytes_;
            rise();
        }
        const auto spacing = static_cast<std::int64_t>(static_cast<double>(bytes) * 1e12 / rate_);
        next_ = std::max(next_, now) + Picoseconds{spacing};
    }

    // When the next packet may begin.
    [[nodiscard]] TimePoint allowed_at() const noexcept { return next_; }
    [[nodiscard]] double rate() const noexcept { return rate_; }  // bytes a second
    [[nodiscard]] double alpha() const noexcept { return alpha_; }
    // Whether it is as fast as if it had never been slowed.
    [[nodiscard]] bool at_line() const noexcept { return rate_ >= 0.999 * line_; }

    void catch_up(TimePoint now) {
        while (now - alpha_since_ >= config_->alpha_timer) {
            alpha_since_ += config_->alpha_timer;
            alpha_ *= 1.0 - config_->gain;
        }
        while (now - rise_since_ >= config_->rise_timer) {
            rise_since_ += config_->rise_timer;
            ++by_time_;
            rise();
        }
    }

private:
    static constexpr double kLeast = 0.001;  // of the line rate: a flow never stops

    void rise() {
        const int most = std::max(by_time_, by_bytes_);
        const int least = std::min(by_time_, by_bytes_);
        if (least > config_->recoveries) {
            target_ += static_cast<double>(config_->hyper.count());
        } else if (most > config_->recoveries) {
            target_ += static_cast<double>(config_->additive.count());
        }
        target_ = std::min(target_, line_);
        rate_ = (target_ + rate_) / 2.0;
    }

    const DcqcnConfig* config_;
    double line_;
    double rate_;
    double target_;
    double alpha_ = 1.0;
    TimePoint alpha_since_;
    TimePoint rise_since_;
    TimePoint next_{};
    std::int64_t bytes_ = 0;
    int by_time_ = 0;
    int by_bytes_ = 0;
};

}  // namespace myriad

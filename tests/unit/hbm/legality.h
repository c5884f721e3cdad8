#pragma once
// What JEDEC-style timing allows, written down once more as pairs of commands and tried on every pair: slow, naive, and
// independent of how the controller keeps its times.

#include "models/hbm/channel_controller.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace myriad::test {

class Legality {
public:
    explicit Legality(const HbmPreset& preset) : t_(preset.timing()), o_(preset.organisation) {}

    // The first broken rule, empty if there is none.
    [[nodiscard]] std::string check(const std::vector<ChannelController::Issued>& log) {
        std::map<std::int32_t, std::int32_t> open;
        for (std::size_t i = 0; i < log.size(); ++i) {
            if (std::string wrong = state(log[i], open); !wrong.empty()) {
                return told(log[i], wrong);
            }
            std::vector<std::int64_t> activates;
            for (std::size_t k = i; k-- > 0 && log[i].cycle - log[k].cycle < 2000;) {
                const std::int64_t apart = effect(log[i]) - effect(log[k]);
                if (apart < least(log[k], log[i])) {
                    return told(log[i], fmt::format("{} cycles after {} of bank {}, expected {}", apart,
                                                    name(log[k].command), log[k].bank, least(log[k], log[i])));
                }
                if (is_row(log[k].command) == is_row(log[i].command) &&
                    log[i].cycle - log[k].cycle < bus_cycles(log[k].command)) {
                    return told(log[i], "the command bus is taken");
                }
                if (log[k].command == HbmCommand::activate && pc(log[k]) == pc(log[i])) {
                    activates.push_back(log[k].cycle);
                }
            }
            if (log[i].command == HbmCommand::activate && activates.size() >= 4 &&
                log[i].cycle - activates[3] < t_.four_activates) {
                return told(log[i], "a fifth activate within tFAW");
            }
        }
        return {};
    }

private:
    using Issued = ChannelController::Issued;
    using C = HbmCommand;

    [[nodiscard]] static const char* name(C command) {
        static constexpr const char* kNames[] = {"activate", "precharge",   "precharge_all", "read",
                                                 "write",    "refresh_all", "refresh_bank"};
        return kNames[static_cast<std::size_t>(command)];
    }
    [[nodiscard]] static std::string told(const Issued& one, const std::string& wrong) {
        return fmt::format("{} of bank {} at {}: {}", name(one.command), one.bank, one.cycle, wrong);
    }
    [[nodiscard]] static bool is_column(C c) { return c == C::read || c == C::write; }
    [[nodiscard]] static bool is_row(C c) { return !is_column(c); }
    [[nodiscard]] std::int32_t pc(const Issued& one) const { return one.bank / o_.banks(); }
    [[nodiscard]] std::int32_t group(const Issued& one) const { return one.bank % o_.bank_groups; }
    [[nodiscard]] std::int32_t bus_cycles(C c) const { return c == C::activate ? t_.activate_cycles : 1; }
    // Timings count from the last cycle of a command.
    [[nodiscard]] std::int64_t effect(const Issued& one) const { return one.cycle + bus_cycles(one.command) - 1; }

    [[nodiscard]] std::string state(const Issued& one, std::map<std::int32_t, std::int32_t>& open) const {
        switch (one.command) {
            case C::activate:
                if (open.count(one.bank) != 0) {
                    return "a row is open";
                }
                open[one.bank] = one.row;
                return {};
            case C::precharge:
                open.erase(one.bank);
                return {};
            case C::precharge_all:
                for (std::int32_t b = 0; b < o_.banks(); ++b) {
                    open.erase(one.bank + b);
                }
                return {};
            case C::read:
            case C::write: {
                const auto found = open.find(one.bank);
                return found == open.end() || found->second != one.row ? "its row is not open" : "";
            }
            case C::refresh_all:
                for (std::int32_t b = 0; b < o_.banks(); ++b) {
                    if (open.count(one.bank + b) != 0) {
                        return "a bank is open";
                    }
                }
                return {};
            case C::refresh_bank:
                return open.count(one.bank) != 0 ? "the bank is open" : "";
        }
        return "no such command";
    }

    // Cycles from the effect of `a` to that of `b`; 0: no rule.
    [[nodiscard]] std::int64_t least(const Issued& a, const Issued& b) const {
        if (pc(a) != pc(b)) {
            return 0;
        }
        std::int64_t cycles = in_pseudo_channel(a.command, b.command);
        if (group(a) == group(b)) {
            cycles = std::max(cycles, in_group(a.command, b.command));
        }
        if (a.bank == b.bank) {
            cycles = std::max(cycles, in_bank(a.command, b.command));
        }
        return cycles;
    }
    [[nodiscard]] std::int64_t in_pseudo_channel(C a, C b) const {
        const std::int64_t written = std::int64_t{t_.write_latency} + t_.burst;
        if (is_column(a) && a == b) {
            return std::max(t_.burst, t_.column_short);
        }
        if (a == C::read) {
            return b == C::write ? t_.read_to_write : b == C::precharge_all ? t_.read_to_precharge : 0;
        }
        if (a == C::write) {
            return b == C::read            ? written + t_.write_to_read_short
                   : b == C::precharge_all ? written + t_.write_recovery
                                           : 0;
        }
        if (a == C::activate) {
            return b == C::activate || b == C::refresh_bank ? t_.activate_short
                   : b == C::precharge_all                  ? t_.activate_to_precharge
                   : b == C::refresh_all                    ? t_.row_cycle
                                                            : 0;
        }
        if (a == C::refresh_all) {
            return b == C::activate || b == C::precharge_all ? t_.refresh_all : 0;
        }
        if (a == C::refresh_bank) {
            return b == C::activate ? t_.refresh_to_activate : 0;
        }
        return b == C::refresh_all || (a == C::precharge_all && b == C::activate) ? t_.precharge : 0;
    }
    [[nodiscard]] std::int64_t in_group(C a, C b) const {
        if (is_column(a) && a == b) {
            return t_.column_long;
        }
        if (a == C::write && b == C::read) {
            return std::int64_t{t_.write_latency} + t_.burst + t_.write_to_read_long;
        }
        return a == C::activate && b == C::activate ? t_.activate_long : 0;
    }
    [[nodiscard]] std::int64_t in_bank(C a, C b) const {
        if (a == C::activate) {
            return b == C::activate || b == C::refresh_bank ? t_.row_cycle
                   : b == C::read                           ? t_.activate_to_read
                   : b == C::write                          ? t_.activate_to_write
                   : b == C::precharge                      ? t_.activate_to_precharge
                                                            : 0;
        }
        if (a == C::precharge) {
            return b == C::activate || b == C::refresh_bank ? t_.precharge : 0;
        }
        if (b == C::precharge) {
            return a == C::read    ? t_.read_to_precharge
                   : a == C::write ? std::int64_t{t_.write_latency} + t_.burst + t_.write_recovery
                                   : 0;
        }
        return a == C::refresh_bank && b == C::activate ? t_.refresh_bank : 0;
    }

    HbmTiming t_;
    HbmOrganisation o_;
};

}  // namespace myriad::test

//! The simulator does what queueing theory says, where theory has a formula: else nothing that it says is worth anything.

use proptest::prelude::*;
use queueing::{Agenda, Groups, Random, Scaling, Settled, Station};

/// Jobs that arrive at random (Poisson), so many a second, at so many servers.
fn simulated(rate: f64, servers: u32, jobs: usize, mut service: impl FnMut(&mut Random) -> f64) -> Settled {
    enum Event {
        Arrives(usize),
        Ends,
    }
    let mut random = Random::new(7);
    let mut agenda = Agenda::new();
    let mut station = Station::new(Scaling::fixed(servers));
    agenda.after(random.exponential(1.0 / rate), Event::Arrives(0));
    while let Some(event) = agenda.take() {
        match event {
            Event::Arrives(number) => {
                station.arrive(agenda.now(), number);
                if number + 1 < jobs {
                    agenda.after(random.exponential(1.0 / rate), Event::Arrives(number + 1));
                }
            }
            Event::Ends => station.finish(agenda.now()),
        }
        while station.start(agenda.now()).is_some() {
            agenda.after(service(&mut random), Event::Ends);
        }
    }
    station.settled(agenda.now())
}

/// Erlang's C: the share of jobs that wait at M/M/c, with so much traffic (arrivals × mean service).
fn erlang_c(traffic: f64, servers: u32) -> f64 {
    let mut blocked = 1.0; // Erlang's B, by its recursion.
    for server in 1..=servers {
        blocked = traffic * blocked / (f64::from(server) + traffic * blocked);
    }
    let load = traffic / f64::from(servers);
    blocked / (1.0 - load * (1.0 - blocked))
}

fn close(found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected, "{found} found, {expected} expected");
}

const JOBS: usize = 400_000;

#[test]
fn one_server_with_random_times_is_m_m_1() {
    for load in [0.3, 0.6, 0.8] {
        let settled = simulated(load, 1, JOBS, |random| random.exponential(1.0));
        close(settled.mean_wait, load / (1.0 - load), 0.05);
    }
}

#[test]
fn one_server_with_fixed_times_is_m_d_1() {
    for load in [0.3, 0.6, 0.8] {
        let settled = simulated(load, 1, JOBS, |_| 1.0);
        close(settled.mean_wait, load / (2.0 * (1.0 - load)), 0.05);
    }
}

#[test]
fn one_server_with_any_times_is_as_pollaczek_and_khinchine_say() {
    // Half of the jobs take 0.2 s, half 1.8 s: mean 1, second moment 1.64.
    let settled = simulated(0.7, 1, JOBS, |random| if random.even() < 0.5 { 0.2 } else { 1.8 });
    close(settled.mean_wait, 0.7 * 1.64 / (2.0 * 0.3), 0.05);
}

#[test]
fn several_servers_are_m_m_c() {
    for (traffic, servers) in [(1.4, 2), (4.0, 5), (18.0, 20), (45.0, 50)] {
        let settled = simulated(traffic, servers, JOBS, |random| random.exponential(1.0));
        let wait = erlang_c(traffic, servers) / (f64::from(servers) - traffic);
        close(settled.mean_wait, wait, 0.08);
    }
}

#[test]
fn as_many_as_wait_are_those_that_come_while_one_waits() {
    // Little's law, whatever the distributions: L = λ·W, for those who wait and for those who are served.
    for (rate, servers) in [(0.8, 1), (4.5, 5)] {
        let settled = simulated(rate, servers, JOBS, |random| random.between(0.5, 1.5));
        close(settled.mean_waiting, settled.arrivals_per_second * settled.mean_wait, 1e-9);
        close(settled.mean_busy, rate, 0.01);
    }
}

#[test]
fn pollers_come_by_the_minute_and_go_when_nothing_waits() {
    let mut station = Station::new(Scaling { first: 5, per_minute: 300, most: 400 });
    for job in 0..1_000 {
        station.arrive(0.0, job);
    }
    let mut started = || std::iter::from_fn(|| station.start(0.0)).count();
    assert_eq!(started(), 5);
    station.minute();
    let mut started = || std::iter::from_fn(|| station.start(60.0)).count();
    assert_eq!(started(), 300);
    station.minute();
    let mut started = || std::iter::from_fn(|| station.start(120.0)).count();
    assert_eq!(started(), 95, "no more than 400 at a time");
}

#[test]
fn an_instance_that_has_just_worked_is_warm_and_one_that_idled_for_long_is_gone() {
    let mut station = Station::new(Scaling::fixed(10));
    let mut is_cold = |now| {
        station.arrive(now, 0);
        let cold = station.start(now).unwrap().cold;
        station.finish(now + 1.0);
        cold
    };
    assert!(is_cold(0.0));
    assert!(!is_cold(10.0));
    assert!(is_cold(10_000.0));
}

proptest! {
    /// However messages come, a group's are handled in order, one invocation at a time, and none is lost.
    #[test]
    fn groups_keep_their_order(
        messages in prop::collection::vec((0..5_usize, 0.0..10.0_f64), 1..200),
        most in 1..4_usize,
        batch in 1..5_usize,
    ) {
        #[derive(Debug)]
        enum Event {
            Arrives(usize, usize),
            Ends(queueing::Batch),
        }
        let mut agenda = Agenda::new();
        let mut groups = Groups::new(most, batch);
        let mut sent = vec![Vec::new(); 5];
        let mut order: Vec<(usize, &(usize, f64))> = messages.iter().enumerate().collect();
        order.sort_by(|a, b| a.1.1.total_cmp(&b.1.1));
        for (number, (group, at)) in order {
            sent[*group].push(number);
            agenda.at(*at, Event::Arrives(*group, number));
        }
        let mut handled = vec![Vec::new(); 5];
        let mut under_way = Vec::new();
        while let Some(event) = agenda.take() {
            match event {
                Event::Arrives(group, number) => groups.arrive(agenda.now(), group, number),
                Event::Ends(batch) => {
                    under_way.retain(|group| *group != batch.group);
                    groups.finish(batch.group);
                    handled[batch.group].extend(batch.jobs);
                }
            }
            while let Some(started) = groups.start(agenda.now()) {
                prop_assert!(started.jobs.len() <= batch && under_way.len() < most);
                prop_assert!(!under_way.contains(&started.group), "one invocation a group at a time");
                under_way.push(started.group);
                agenda.after(0.7, Event::Ends(started));
            }
        }
        prop_assert_eq!(handled, sent);
    }
}

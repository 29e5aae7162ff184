//! Waiting for a condition: the only place that polls, with one deadline and an error that says what was seen last.
//!
//! A test never sleeps for a time that "should be enough" and never asserts how long something took.

use std::time::Duration;

use anyhow::{Result, bail};

/// How often a condition is looked at.
const INTERVAL: Duration = Duration::from_millis(8);

/// The limit for conditions that no load of the machine should delay longer. It only matters when a test fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Looks again and again until the condition holds. `look` returns the result, or what it saw instead.
///
/// # Errors
/// When the limit passes; the message names the condition and the last thing seen.
pub async fn until<T>(
    what: &str,
    limit: Duration,
    mut look: impl AsyncFnMut() -> std::result::Result<T, String>,
) -> Result<T> {
    let mut seen = "nothing yet".to_owned();
    let found = tokio::time::timeout(limit, async {
        loop {
            match look().await {
                Ok(found) => return found,
                Err(state) => seen = state,
            }
            tokio::time::sleep(INTERVAL).await;
        }
    })
    .await;
    match found {
        Ok(found) => Ok(found),
        Err(_) => bail!("waited {} s for {what}; last seen: {seen}", limit.as_secs()),
    }
}

/// The same for places that cannot be asynchronous, such as `Drop`; returns whether the condition came to hold.
pub fn blocking(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let looks = limit.as_millis() / INTERVAL.as_millis();
    for _ in 0..=looks {
        if holds() {
            return true;
        }
        std::thread::sleep(INTERVAL);
    }
    false
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::until;

    #[tokio::test]
    async fn the_first_look_that_succeeds_ends_the_wait() {
        let mut looks = 0;
        let found = until("three looks", Duration::from_secs(5), async || {
            looks += 1;
            if looks == 3 { Ok(looks) } else { Err(format!("{looks} looks")) }
        })
        .await
        .unwrap();
        assert_eq!(found, 3);
    }

    #[tokio::test]
    async fn the_error_names_the_condition_and_the_last_state() {
        let error = until::<()>("a window", Duration::from_millis(20), async || Err("two others".to_owned()))
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "waited 0 s for a window; last seen: two others");
    }
}

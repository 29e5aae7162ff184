//! The two sounds, made here instead of shipped: sine tones as a WAV file. Pure.

use super::policy::Tone;

const RATE: u32 = 22_050;
/// Loud enough to be heard beside a conversation, far from clipping.
const VOLUME: f64 = 0.35;

/// One note: hertz and seconds; zero hertz is a rest.
type Note = (f64, f64);

const fn notes(tone: Tone) -> &'static [Note] {
    match tone {
        Tone::Soft => &[(659.3, 0.16), (0.0, 0.04), (523.3, 0.24)],
        Tone::Urgent => &[(784.0, 0.12), (0.0, 0.05), (784.0, 0.12), (0.0, 0.05), (1046.5, 0.3)],
    }
}

/// The sound as a mono 16-bit WAV file.
pub(super) fn wav(tone: Tone) -> Vec<u8> {
    let samples: Vec<i16> = notes(tone).iter().flat_map(|note| note_samples(*note)).collect();
    let data_bytes = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX);
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&data_bytes.saturating_add(36).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    for (value, bytes) in [(16, 4), (1, 2), (1, 2), (RATE, 4), (RATE * 2, 4), (2, 2), (16, 2)] {
        file.extend_from_slice(&value.to_le_bytes()[..bytes]);
    }
    file.extend_from_slice(b"data");
    file.extend_from_slice(&data_bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are fractions of a second and samples lie within the volume"
)]
fn note_samples((hertz, seconds): Note) -> impl Iterator<Item = i16> {
    let count = (seconds * f64::from(RATE)) as u32;
    (0..count).map(move |n| {
        let at = f64::from(n) / f64::from(RATE);
        // A short rise and a fall to the end, or each note would begin and stop with a click.
        let envelope = (at / 0.01).min(1.0) * (1.0 - at / seconds).sqrt();
        let wave = (at * hertz * std::f64::consts::TAU).sin();
        (wave * envelope * VOLUME * f64::from(i16::MAX)) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_how_long_it_is_and_does_not_clip() {
        for tone in [Tone::Soft, Tone::Urgent] {
            let file = wav(tone);
            let length = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
            assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
            assert_eq!((length(4), length(40)), (file.len() - 8, file.len() - 44));
            let samples: Vec<i16> =
                file[44..].chunks(2).map(|pair| i16::from_le_bytes(pair.try_into().unwrap())).collect();
            let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!((8_000..16_000).contains(&loudest), "{tone:?} peaks at {loudest}");
        }
    }

    #[test]
    fn the_urgent_sound_is_another_one() {
        assert_ne!(wav(Tone::Soft), wav(Tone::Urgent));
    }
}

//! Reads an inline style for what hides an element (CSS). Style sheets are not evaluated.

use crate::rules::{self, Rule};

/// Offsets from which on an element lies beyond any screen, in pixels, and in units that are at least ten of them.
const FAR: f32 = 900.0;
/// The same in `em`, `rem`, `ch`, `%`, `vw` and `vh`.
const FAR_UNITS: f32 = 90.0;

/// Font sizes up to this many pixels or points cannot be read.
const TINY: f32 = 1.0;

/// Opacities up to this cannot be seen.
const FAINT: f32 = 0.05;

/// How far apart two colours may be in each channel, of 255, and be seen as one.
const ALIKE: u8 = 10;

/// What a style says that matters here.
#[derive(Debug, Default)]
struct Style {
    colour: Option<Colour>,
    background: Option<Colour>,
    is_backed: bool,
    no_size: bool,
    is_clipped: bool,
    toggled: Option<&'static str>,
    unseen: Option<&'static str>,
}

/// Red, green, blue, alpha.
type Colour = [u8; 4];

/// The rule by which a style hides its element, and what in it does; `colour` is that of the attribute of this name.
pub(crate) fn hides(style: &str, colour: &str) -> Option<(&'static Rule, &'static str)> {
    let mut read = Style { colour: read_colour(colour), ..Style::default() };
    for declaration in style.split(';') {
        if let Some((property, value)) = declaration.split_once(':') {
            let value = value.rsplit_once('!').map_or(value, |(value, _)| value);
            read.take(&plain(property), &plain(value));
        }
    }
    let Style { colour, background, is_backed, no_size, is_clipped, toggled, unseen } = read;
    let alike = |one: Colour, other: Colour| one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= ALIKE);
    let coloured = match (colour, background) {
        (Some([.., 0..=12]), _) => Some("color: transparent"),
        (Some(colour), Some(background)) if alike(colour, background) => Some("color as background"),
        _ => None,
    };
    if let Some(by) = unseen.or(coloured) {
        return Some((&rules::INVISIBLE_ELEMENT, by));
    }
    if let Some(by) = toggled.or((no_size && is_clipped).then_some("no size")) {
        return Some((&rules::HIDDEN_ELEMENT, by));
    }
    let is_white = colour.is_some_and(|colour| alike(colour, [255; 4]));
    (is_white && !is_backed).then_some((&rules::WHITE_TEXT, "color: white"))
}

impl Style {
    /// Takes one declaration.
    fn take(&mut self, property: &str, value: &str) {
        match property {
            "display" if value == "none" => self.toggled = Some("display"),
            "visibility" if matches!(value, "hidden" | "collapse") => self.toggled = Some("visibility"),
            "content-visibility" if value == "hidden" => self.toggled = Some("content-visibility"),
            "opacity" if ratio(value).is_some_and(|ratio| ratio <= FAINT) => self.toggled = Some("opacity"),
            "font-size" if is_tiny(value) => self.unseen = Some("font-size"),
            "font"
                if value
                    .split(' ')
                    .any(|word| word.starts_with('0') && is_tiny(word.split('/').next().unwrap_or(""))) =>
            {
                self.unseen = Some("font-size");
            }
            "left" | "right" | "top" | "bottom" | "text-indent" | "margin-left" | "margin-top" if is_far(value) => {
                self.unseen = Some("position");
            }
            "transform" | "translate" | "scale" if moves_away(value) => self.unseen = Some("transform"),
            "clip" if matches!(value.split(['(', ' ', ',']).nth(1), Some("0" | "0px" | "1px" | "0)" | "1px)")) => {
                self.unseen = Some("clip");
            }
            "clip-path"
                if matches!(value, "inset(50%)" | "inset(100%)" | "circle(0)" | "circle(0px)" | "circle(0%)") =>
            {
                self.unseen = Some("clip-path");
            }
            "color" => self.colour = read_colour(value).or(self.colour),
            "background" | "background-color" => {
                self.is_backed = true;
                self.background = read_colour(value);
            }
            "background-image" => self.is_backed = true,
            "overflow" | "overflow-x" | "overflow-y" => self.is_clipped |= matches!(value, "hidden" | "clip"),
            "width" | "height" | "max-width" | "max-height" => {
                self.no_size |= number(value).is_some_and(|(size, _)| (0.0..=TINY).contains(&size));
            }
            _ => {}
        }
    }
}

/// Without comments, in lower case, without spaces around it.
fn plain(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, behind)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = behind.split_once("*/").map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain.trim().to_ascii_lowercase()
}

/// A number and its unit.
fn number(value: &str) -> Option<(f32, &str)> {
    let end = value.find(|character: char| !matches!(character, '0'..='9' | '.' | '-' | '+')).unwrap_or(value.len());
    Some((value[..end].parse().ok()?, &value[end..]))
}

/// A number from 0 to 1, or a percentage as that.
fn ratio(value: &str) -> Option<f32> {
    let (number, unit) = number(value)?;
    Some(if unit == "%" { number / 100.0 } else { number })
}

/// Whether letters of this size cannot be read.
fn is_tiny(value: &str) -> bool {
    number(value).is_some_and(|(size, unit)| match unit {
        "px" | "pt" | "" => size <= TINY,
        "em" | "rem" => size <= TINY / 16.0,
        "%" => size <= 100.0 * TINY / 16.0,
        _ => size <= 0.0,
    })
}

/// Whether an offset leads off any screen.
fn is_far(value: &str) -> bool {
    number(value).is_some_and(|(offset, unit)| match unit {
        "px" | "pt" | "" => offset <= -FAR,
        "em" | "rem" | "ch" | "%" | "vw" | "vh" => offset <= -FAR_UNITS,
        _ => false,
    })
}

/// Whether a transformation shrinks to nothing or leads off any screen.
fn moves_away(value: &str) -> bool {
    let Some((function, arguments)) = value.split_once('(') else {
        return value == "0" || value.split(' ').any(is_far);
    };
    let first = arguments.split([',', ')']).next().unwrap_or("").trim();
    match function.trim() {
        "scale" | "scalex" | "scaley" => ratio(first).is_some_and(|ratio| ratio.abs() <= FAINT),
        "translate" | "translatex" | "translatey" => {
            // An element leaves its own place by 100 % in every carousel.
            arguments.split([',', ')']).any(|offset| !offset.ends_with('%') && is_far(offset.trim()))
        }
        _ => false,
    }
}

/// The colour of a value: a few names, hexadecimal and `rgb` (CSS Color 4).
fn read_colour(value: &str) -> Option<Colour> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(digits) = value.strip_prefix('#') {
        let digits: Vec<u8> = digits.chars().map_while(|digit| digit.to_digit(16)?.try_into().ok()).collect();
        let wide = |digit: u8| digit * 17;
        let pair = |at: usize| Some(digits.get(at)? << 4 | digits.get(at + 1)?);
        return match digits[..] {
            [red, green, blue] => Some([wide(red), wide(green), wide(blue), 255]),
            [red, green, blue, alpha] => Some([wide(red), wide(green), wide(blue), wide(alpha)]),
            _ if matches!(digits.len(), 6 | 8) => Some([pair(0)?, pair(2)?, pair(4)?, pair(6).unwrap_or(255)]),
            _ => None,
        };
    }
    if let Some(arguments) = value.strip_prefix("rgba(").or_else(|| value.strip_prefix("rgb(")) {
        let mut numbers = arguments.split([',', ' ', '/', ')']).filter(|word| !word.is_empty()).map(number);
        let mut channel =
            || numbers.next().flatten().map(|(number, unit)| byte(if unit == "%" { number * 2.55 } else { number }));
        let (red, green, blue) = (channel()?, channel()?, channel()?);
        let alpha = numbers
            .next()
            .flatten()
            .map_or(255, |(number, unit)| byte(if unit == "%" { number * 2.55 } else { number * 255.0 }));
        return Some([red, green, blue, alpha]);
    }
    match value.as_str() {
        "white" => Some([255, 255, 255, 255]),
        "snow" | "ghostwhite" | "floralwhite" | "ivory" => Some([250, 250, 250, 255]),
        "black" => Some([0, 0, 0, 255]),
        "red" => Some([255, 0, 0, 255]),
        "blue" => Some([0, 0, 255, 255]),
        "yellow" => Some([255, 255, 0, 255]),
        "gray" | "grey" => Some([128, 128, 128, 255]),
        "silver" => Some([192, 192, 192, 255]),
        "transparent" => Some([0, 0, 0, 0]),
        _ => None,
    }
}

/// A channel out of a number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a byte holds")]
fn byte(number: f32) -> u8 {
    number.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(style: &str) -> Option<&'static str> {
        hides(style, "").map(|(rule, _)| rule.id)
    }

    #[test]
    fn styles_that_hide_are_known() {
        for style in [
            "display:none",
            " DISPLAY : None !important ; color: red",
            "visibility: hidden",
            "opacity: 0",
            "opacity:1%",
            "height:0;overflow:hidden",
            "display:/* x */none",
        ] {
            assert_eq!(by(style), Some("hidden-element"), "{style}");
        }
        for style in [
            "font-size:0",
            "font-size: 1px",
            "font-size:0.01em",
            "font: 0/0 a",
            "color:#fff;background:#ffffff",
            "color: rgb(255, 255, 255); background-color: white",
            "color:rgba(0,0,0,0)",
            "color: transparent",
            "position:absolute;left:-9999px",
            "text-indent:-9999px",
            "margin-left:-200vw",
            "transform: scale(0)",
            "transform:translateX(-9999px)",
            "position:absolute;clip:rect(0,0,0,0)",
            "clip-path: inset(50%)",
        ] {
            assert_eq!(by(style), Some("invisible-element"), "{style}");
        }
        assert_eq!(by("color:white"), Some("white-text"));
    }

    #[test]
    fn styles_that_only_look_alike_hide_nothing() {
        for style in [
            "display:block",
            "opacity:0.8",
            "opacity: .1",
            "font-size:12px",
            "font-size: 0.9em",
            "font: 12px/1.5 sans-serif",
            "color:#fff;background:#06c",
            "color:#fff;background-image:url(x.png)",
            "color:#333;background:#fff",
            "left:-12px",
            "margin-left:-15px",
            "transform:translateX(-100%)",
            "transform:scale(1.05)",
            "overflow:hidden;width:100%",
            "width:0",
            "",
        ] {
            assert_eq!(by(style), None, "{style}");
        }
    }
}

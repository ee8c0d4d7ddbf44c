package io.crossfade.settings;

import java.util.regex.Pattern;

/** Makes a value fit to be shown: passwords in addresses become {@code ***}. Hides rather too much than too little. */
final class Redaction {
    private static final int LONGEST = 120;

    /** Up to the last at sign, because an unencoded password may hold any character. */
    private static final Pattern LOGIN = Pattern.compile("(?s)(//[^:@/]*:).*@");

    /** What follows the colon is a password whose at sign was forgotten, unless it looks like a port. */
    private static final Pattern UNFINISHED_LOGIN = Pattern.compile("(?s)(//[^:@/\\[\\]]*:)(?!\\d{1,5}([/?]|$))[^@]*$");

    private static final Pattern PARAMETER = Pattern.compile("(?i)(pass[a-z]*\\s*=)[^&]*");

    private Redaction() {}

    static String of(String value) {
        String shown = LOGIN.matcher(value).replaceFirst("$1***@");
        shown = UNFINISHED_LOGIN.matcher(shown).replaceFirst("$1***");
        shown = PARAMETER.matcher(shown).replaceAll("$1***");
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    }
}

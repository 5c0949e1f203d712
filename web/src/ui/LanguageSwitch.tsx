import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LANGUAGES, languageOf, switchLanguage } from "../i18n/i18n";

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t("ui.language.label")}
      value={languageOf(i18n.language).code}
      data={LANGUAGES.map(({ code, name }) => ({
        value: code,
        label: (
          <span lang={code} dir="auto">
            {name}
          </span>
        ),
      }))}
      onChange={(code) => void switchLanguage(languageOf(code).code)}
    />
  );
}

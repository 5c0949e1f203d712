import { useTranslation } from "react-i18next";
import { Khatam } from "./Khatam";
import classes from "./WordMark.module.css";

export function WordMark({ size = "md" }: { size?: "md" | "lg" }) {
  const { t } = useTranslation();
  return (
    <span className={classes.mark} data-size={size}>
      <Khatam size={size === "lg" ? 40 : 26} />
      <span>{t("app.name")}</span>
    </span>
  );
}
